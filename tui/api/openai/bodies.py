"""A question as `/v1/chat/completions` takes it, and what of it has to be left out."""

from collections.abc import Iterator, Mapping, Set
from typing import Any

from tui.api.errors import ServerError
from tui.api.openai.makes import Make
from tui.api.openai.messages import messages
from tui.api.requests import ChatRequest
from tui.domain.language import _, many

_REFUSALS = (400, 422)
_EFFORT = {"low": "low", "medium": "medium", "high": "high", "max": "high"}
_OF_PROMPT = (
    "model",
    "messages",
    "tools",
    "chat_template_kwargs",
    "continue_final_message",
    "add_generation_prompt",
)
_GO_ON = (
    "Go on exactly where your last message broke off. Begin with the very next character, and "
    "repeat nothing of it."
)


def body_of(request: ChatRequest, make: Make, window: int = 0) -> dict[str, Any]:
    """The body of a question to a server of this make; `window` are tokens that it may take."""
    return {
        "model": request.model,
        "messages": messages(request.messages),
        "stream": True,
        "stream_options": {"include_usage": True},
        **dict(_options(_wanted(request.options or {}, window), make)),
        **_form(request),
        **_tools(request),
        **_thinking(request, make),
        **_going_on(request, make),
    }


def prompt_of(body: Mapping[str, Any]) -> dict[str, Any]:
    """What of a question goes through the model's template."""
    return {name: value for name, value in body.items() if name in _OF_PROMPT}


def unknown_field(body: Mapping[str, Any], error: ServerError) -> str:
    """What a server refused for knowing it not, or by another name only; empty for all else."""
    words = error.words
    if error.status not in _REFUSALS:
        return ""
    if "stream_options" in words and "stream_options" in body:
        return "stream_options"
    is_renamed = "max_completion_tokens" in words and "unsupported" in words.lower()
    return "max_tokens" if is_renamed and "max_tokens" in body else ""


def without(body: Mapping[str, Any], unknown: Set[str]) -> dict[str, Any]:
    """The body for a server that does not know some fields.

    Newer models of OpenAI's call `max_tokens` otherwise; the counts are what is lost by the rest.
    """
    found = {name: value for name, value in body.items() if name not in unknown}
    if "max_tokens" in body.keys() & unknown:
        found["max_completion_tokens"] = body["max_tokens"]
    return found


def remarks(request: ChatRequest, make: Make) -> Iterator[str]:
    """What a server of this make is not asked for, in sentences for the user."""
    left = [name for name in request.options or {} if name not in make.options]
    left += ["keep_alive"] if request.keep_alive is not None else []
    left += ["think"] if isinstance(request.think, bool) and not make.templated else []
    if left:
        text = many(
            "{server} takes no {names}: it was left out of the question.",
            "{server} takes no {names}: they were left out of the question.",
            len(left),
        )
        yield text.format(server=make.title, names=", ".join(left))
    if request.think == "max":
        yield _("{server} knows no thinking beyond high: it is asked for that.").format(
            server=make.title
        )
    if goes_on(request) and make.goes_on == "when asked":
        yield _(
            "{server} cannot go on inside an answer: the model was asked in words to go on, and "
            "may say some of it again."
        ).format(server=make.title)


def goes_on(request: ChatRequest) -> bool:
    """Whether an answer is to be gone on with rather than begun."""
    return bool(request.messages) and request.messages[-1]["role"] == "assistant"


def _wanted(options: Mapping[str, Any], window: int) -> dict[str, Any]:
    """Without those that ask for what there is anyway: chance, and no limit.

    A limit that leaves no room for a question is refused by vLLM and SGLang, and is none.
    """
    seed, most = options.get("seed", 0), options.get("num_predict", 0)
    needless = {"seed"} if seed < 0 else set()
    needless |= {"num_predict"} if most < 0 or 0 < window <= most else set()
    return {name: value for name, value in options.items() if name not in needless}


def _options(options: Mapping[str, Any], make: Make) -> Iterator[tuple[str, Any]]:
    for name, value in options.items():
        if name in make.options:
            yield make.options[name], -1 if (name, value) == ("top_k", 0) else value


def _form(request: ChatRequest) -> dict[str, Any]:
    if request.format is None:
        return {}
    if isinstance(request.format, dict):
        schema = {"name": "answer", "schema": request.format}
        return {"response_format": {"type": "json_schema", "json_schema": schema}}
    return {"response_format": {"type": "json_object"}}


def _tools(request: ChatRequest) -> dict[str, Any]:
    return {"tools": request.tools} if request.tools else {}


def _thinking(request: ChatRequest, make: Make) -> dict[str, Any]:
    """Templates know the switch by one of two names, and leave the other alone."""
    think = request.think
    found: dict[str, Any] = {}
    if isinstance(think, str):
        found["reasoning_effort"] = _EFFORT.get(think, think)
    if think is not None and make.templated:
        on = bool(think)
        found["chat_template_kwargs"] = {"enable_thinking": on, "thinking": on}
    return found


def _going_on(request: ChatRequest, make: Make) -> dict[str, Any]:
    """An answer that is gone on with has been thought about: to think anew would break it."""
    if not goes_on(request):
        return {}
    if make.goes_on == "when asked":
        asked = {"role": "user", "content": _GO_ON}
        return {"messages": [*messages(request.messages), asked]}
    flag = {"continue_final_message": True, "add_generation_prompt": False}
    silent = {"chat_template_kwargs": {"enable_thinking": False, "thinking": False}}
    return {**(flag if make.goes_on == "by flag" else {}), **silent}
