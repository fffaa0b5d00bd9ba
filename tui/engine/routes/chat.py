"""`POST /api/chat`: a conversation and the model's next message."""

import json
import secrets
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from starlette.requests import Request

from tui.engine import bodies, messages, prompts
from tui.engine.answers import Answer, Line, now
from tui.engine.bodies import ChatRequest
from tui.engine.errors import EngineError
from tui.engine.messages import Wire
from tui.engine.routes.counts import Watch
from tui.engine.routes.generate import (
    check_thinking,
    load_or_unload,
    template_options,
    thinks,
)
from tui.engine.routes.library import required
from tui.engine.runner import BROKEN, Runner
from tui.engine.service import Engine, Terms, engine_of


async def chat(request: Request) -> Answer:
    """Answer a conversation, or load or unload a model where there is none."""
    body = await bodies.read(request, ChatRequest)
    engine = engine_of(request)
    terms = Terms.settle(engine.model(required(body.wanted)), body)
    _check(body, terms)
    if body.messages:
        return Answer(Reply(engine, body, terms).lines(), stream=body.stream, join=_join)
    return Answer(_loading(engine, body, terms), stream=False)


def _check(body: ChatRequest, terms: Terms) -> None:
    """Refuse what the model cannot do, in Ollama's words."""
    model = terms.model
    model.require("completion", f'"{body.wanted}" does not support chat')
    check_thinking(body, terms)
    if body.tools:
        model.require("tools", f"{model.full_name} does not support tools")
    if any(message.images for message in body.messages):
        model.require(
            "vision",
            "Multimodal data provided, but model does not support multimodal requests.",
        )


async def _loading(engine: Engine, body: ChatRequest, terms: Terms) -> AsyncGenerator[Line, None]:
    reason = await load_or_unload(engine, terms)
    yield _line(body.wanted, done=True) | {"done_reason": reason}


def _line(model: str, said: Wire | None = None, *, done: bool = False) -> Line:
    message = {"role": "assistant", "content": ""} | (said or {})
    return {"model": model, "created_at": now(), "message": message, "done": done}


class Reply:
    """One conversation on its way through the model."""

    def __init__(self, engine: Engine, body: ChatRequest, terms: Terms) -> None:
        self._engine = engine
        self._body = body
        self._terms = terms
        self._watch = Watch()
        self._calls: dict[int, dict[str, str]] = {}
        self._reason = ""
        self._timings: dict[str, Any] = {}

    async def lines(self) -> AsyncGenerator[Line, None]:
        """The reply, line by line."""
        use = self._engine.scheduler.use(self._terms.model, self._terms.load, self._terms.keep)
        async with use as lease:
            wire = await self._wire(lease.runner)
            async with aclosing(lease.runner.stream("/v1/chat/completions", wire)) as events:
                async for event in events:
                    self._timings = event.get("timings") or self._timings
                    for choice in event.get("choices") or []:
                        if line := self._piece(choice):
                            yield line
            if not self._reason:
                raise EngineError(BROKEN)
            if self._calls:
                calls = [_tool_call(index, call) for index, call in self._calls.items()]
                yield _line(self._body.wanted, {"tool_calls": calls})
            totals = self._watch.totals(lease.load_duration, self._timings)
            yield _line(self._body.wanted, done=True) | {"done_reason": self._reason} | totals

    async def _wire(self, runner: Runner) -> dict[str, Any]:
        """The body for llama.cpp, its conversation short enough and in an order it can take."""
        extra = template_options(self._body, self._terms)
        if self._body.tools:
            extra["tools"] = self._body.tools
        talk = self._talk()
        try:
            talk = await self._fitted(runner, talk, extra)
        except EngineError:
            if not _system_inside(talk):
                raise
            talk = await self._fitted(runner, messages.system_first(talk), extra)
        form = messages.response_format(self._body.format)
        return self._terms.sampling() | extra | {
            "messages": talk,
            "reasoning_format": "deepseek" if thinks(self._body, self._terms) else "none",
            **({"response_format": form} if form else {}),
            **self._logprobs(),
        }  # fmt: skip

    async def _fitted(self, runner: Runner, talk: list[Wire], extra: dict[str, Any]) -> list[Wire]:
        if _system_inside(talk):
            # Rendered once for its errors: some templates refuse a system text in the middle.
            await prompts.rendered(runner, talk, extra)
        return await prompts.fitted(runner, talk, extra) if self._body.truncate else talk

    def _talk(self) -> list[Wire]:
        """The model's own messages, then the client's, behind one system text."""
        model = self._terms.model
        own = [messages.to_wire(each) for each in messages.stored(model)]
        given = [messages.to_wire(message) for message in self._body.messages]
        if model.system and given[0]["role"] != "system":
            return [{"role": "system", "content": model.system}, *own, *given]
        return [*own, *given]

    def _logprobs(self) -> dict[str, Any]:
        if not self._body.logprobs:
            return {}
        return {"logprobs": True, "top_logprobs": self._body.top_logprobs}

    def _piece(self, choice: dict[str, Any]) -> Line | None:
        """The line of one event; calls of tools are gathered until they are whole."""
        delta = choice.get("delta") or {}
        for call in delta.get("tool_calls") or []:
            whole = self._calls.setdefault(call["index"], {"name": "", "arguments": ""})
            for key, text in (call.get("function") or {}).items():
                whole[key] = whole.get(key, "") + (text or "")
        if ended := choice.get("finish_reason"):
            self._reason = "length" if ended == "length" else "stop"
        said = {"thinking": delta.get("reasoning_content"), "content": delta.get("content")}
        said = {key: text for key, text in said.items() if text}
        if not said:
            return None
        tokens = (choice.get("logprobs") or {}).get("content") or []
        told = {"logprobs": [messages.logprob(token) for token in tokens]} if tokens else {}
        return _line(self._body.wanted, said) | told


def _system_inside(talk: list[Wire]) -> bool:
    return any(message["role"] == "system" for message in talk[1:])


def _tool_call(index: int, call: dict[str, str]) -> dict[str, Any]:
    try:
        arguments = json.loads(call["arguments"] or "{}")
    except ValueError:
        arguments = {}
    function = {"index": index, "name": call["name"], "arguments": arguments}
    return {"id": f"call_{secrets.token_hex(4)}", "function": function}


def _join(lines: list[Line]) -> Line:
    said = [line["message"] for line in lines]
    text = "".join(each["content"] for each in said)
    message: Wire = {"role": "assistant", "content": text}
    if thinking := "".join(each.get("thinking", "") for each in said):
        message["thinking"] = thinking
    whole = lines[-1] | {"message": message}
    if calls := [call for each in said for call in each.get("tool_calls", [])]:
        message["tool_calls"] = calls
    if told := [token for line in lines for token in line.get("logprobs", [])]:
        whole["logprobs"] = told
    return whole
