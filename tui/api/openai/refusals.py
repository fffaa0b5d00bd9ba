"""What goes wrong with servers of OpenAI's API, in words for the user.

Each make words errors in its own way: `error` as an object or a text, `message` beside
`"object": "error"` (vLLM until 0.10, SGLang), `detail` (FastAPI).
"""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, TypeVar

import msgspec

from tui.api import refusals
from tui.api.answers import UNDECODABLE, told, words_of
from tui.api.errors import (
    Forbidden,
    ModelNotFound,
    NotOpenAI,
    OllamaError,
    ServerError,
    StillLoading,
    TooLong,
)
from tui.domain.language import _

T = TypeVar("T")

_NO_SUCH_PATH = ("not found", "file not found")
"""What is said of a path that is none, rather than of a model."""
_NO_SUCH_MODEL = "invalid model name"
"""In what LiteLLM says, with a status of 400."""
_NO_SUCH_KEY = "No connected db."
"""What LiteLLM says of a key that is not its own, where it has no database to look for it."""
_GATEWAY = (HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT)
_TOO_LONG = (
    (r"maximum context length is (?P<most>\d+) tokens.*?(requested|has) (?P<told>\d+)"),
    (r"maximum context length is (?P<most>\d+) tokens.*? contains (at least )?(?P<told>\d+) input"),
    (r"maximum context length is (?P<most>\d+) tokens.*? contains (?P<letters>\d+) characters"),
    (r"max_tokens=(?P<told>\d+) cannot be greater than max_model_len=(?P<most>\d+)"),
    (r"request \((?P<told>\d+) tokens\) exceeds the available context size \((?P<most>\d+)"),
    (r"input \((?P<told>\d+) tokens\) is longer than .*? \((?P<most>\d+) tokens\)"),
    (r"maximum context length of (?P<most>\d+) tokens.*? (requested|total of) \D*(?P<told>\d+)"),
)
"""How vLLM (and OpenAI), llama.cpp and SGLang say that a conversation is too long."""
_OF_RAY = re.compile(r"^Message: (.*?) \(Request ID: [^)]*\), Internal exception: .*", re.DOTALL)
_SHOWN = 80


def refused(status: int, named: str, body: bytes, where: str, model: str) -> OllamaError:
    """The error that an answer with an error's status stands for; `named` is that in words."""
    words = words_in(body)
    if known := _known(status, named, words, where):
        return known
    if words and not (status == HTTPStatus.NOT_FOUND and words.lower() in _NO_SUCH_PATH):
        return spoken(status, words, where, model)
    if status in _GATEWAY:
        return refusals.bad_gateway(where, named)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        text = _("{where} failed on its side ({status}). Its log may say why.")
        return ServerError(text.format(where=where, status=named) + _quoted(body), status, "")
    return not_openai(where, body)


def _known(status: int, named: str, words: str, where: str) -> OllamaError | None:
    """The error for a status that says by itself what is wrong."""
    match status:
        case HTTPStatus.UNAUTHORIZED:
            return refusals.unauthorized(where, words, "")
        case HTTPStatus.BAD_REQUEST if words == _NO_SUCH_KEY:
            return refusals.unauthorized(where, words, "")
        case HTTPStatus.FORBIDDEN:
            return _forbidden(where, words)
        case HTTPStatus.TOO_MANY_REQUESTS:
            return refusals.busy(where, words or named)
        case HTTPStatus.SERVICE_UNAVAILABLE if "loading model" in words.lower():
            return _loading(where, words)
    return None


def spoken(status: int, words: str, where: str, model: str) -> OllamaError:
    """The error for `words` that the server said; `model` is the one it was asked about."""
    if model and (status == HTTPStatus.NOT_FOUND or _NO_SUCH_MODEL in words.lower()):
        text = _("{where} does not serve {model} ({words}). ^O lists what it serves.")
        return ModelNotFound(text.format(where=where, model=model, words=words), model)
    if text := _too_long(words, where):
        return TooLong(text, status, words)
    said = _("{where} says: {words}").format(where=where, words=words)
    return ServerError(f"{said}\n{_advice(words)}".strip(), status, words)


def not_openai(where: str, body: bytes) -> NotOpenAI:
    """The error for an answer that no server of OpenAI's API would give."""
    text = _(
        "Something answers at {where}, but not as OpenAI's API does: it knows no /v1/models. Check "
        "the address, the port and the path; vLLM's own port is 8000, llama.cpp's 8080, SGLang's "
        "30000, LM Studio's 1234, LiteLLM's 4000."
    ).format(where=where)
    return NotOpenAI(text + _quoted(body))


def _quoted(body: bytes) -> str:
    """The first line of what is no JSON and no page, as a sentence to add."""
    first = body.decode(errors="replace").strip().partition("\n")[0][:_SHOWN]
    is_text = first and not first.startswith(("<", "{", "["))
    return " " + _("It said: {words}").format(words=first) if is_text else ""


def read(type: type[T], raw: bytes, where: str, model: str = "") -> T:
    """A whole answer as a value of `type`. Raises OllamaError for one that is none."""
    if words := error_in(raw):
        raise spoken(HTTPStatus.OK, words, where, model)
    try:
        return msgspec.convert(told(msgspec.json.decode(raw)), type)
    except UNDECODABLE as error:
        raise not_openai(where, raw) from error


def error_in(raw: bytes) -> str:
    """The error that stands in a good answer, or in an event of one; empty where none does."""
    if b'"error"' not in raw:
        return ""
    found = _decoded(raw)
    if not isinstance(found, dict):
        return ""
    if found.get("object") == "error":
        return str(found.get("message"))
    return _words(found["error"]) if found.get("error") else ""


def words_in(body: bytes) -> str:
    """What the body of a refusal says; empty if it is no JSON, or says nothing."""
    match _decoded(body):
        case {"error": str() | dict() as error}:
            return _words(error)
        case {"detail": [*faults]}:
            return "; ".join(map(_fault, faults))
        case {"message": words} | {"detail": words} if words:
            return words_of(words)
    return ""


def _words(error: object) -> str:
    """What an error says, without what Ray Serve wraps around it."""
    return _OF_RAY.sub(r"\1", words_of(error))


def _fault(fault: object) -> str:
    """What FastAPI finds wrong with one field of a request."""
    if isinstance(fault, dict) and "msg" in fault:
        return f"{'.'.join(map(str, fault.get('loc', ())))}: {fault['msg']}"
    return words_of(fault)


def _decoded(raw: bytes) -> Any:  # noqa: ANN401 - any JSON there is
    try:
        return msgspec.json.decode(raw)
    except UNDECODABLE:
        return None


def _forbidden(where: str, words: str) -> Forbidden:
    text = _(
        "{where} does not allow it (403). Its key may not be good for this model, or a proxy "
        "before it refuses this machine or this path."
    ).format(where=where)
    return Forbidden(f"{text}\n{words}".strip())


def _loading(where: str, words: str) -> StillLoading:
    text = _("{where} is still loading its model ({words}).")
    return StillLoading(text.format(where=where, words=words))


def _too_long(words: str, where: str) -> str:
    """What to say of a conversation that does not fit; empty where that is not the matter."""
    for pattern in _TOO_LONG:
        if found := re.search(pattern, words, re.DOTALL | re.IGNORECASE):
            size = _size(found.groupdict())
            return _(
                "The conversation is too long for {where}: {size}, and it takes {most} with those "
                "of the answer. Begin a new chat, go on from an earlier message, or ask for fewer "
                "with num_predict. How many it takes is set where it is started: --max-model-len "
                "of vLLM, --context-length of SGLang, -c of llama.cpp."
            ).format(where=where, size=size, most=f"{int(found['most']):,}")
    return ""


def _size(found: Mapping[str, str]) -> str:
    """How long a conversation is; vLLM does not count the tokens of a very long one."""
    if letters := found.get("letters"):
        return _("{n} characters").format(n=f"{int(letters):,}")
    return _("{n} tokens").format(n=f"{int(found['told']):,}")


def _advice(words: str) -> str:
    """A sentence on what well-known words mean; empty for others."""
    lowered = words.lower()
    known = (
        (("chat template",),
         _("This model was not made for chats, or its server has to be given --chat-template.")),
        (("system role not supported", "system role is not supported"),
         _("This model takes no system prompt: /set system default takes it away.")),
        (("enable-auto-tool-choice", "--jinja"),
         _("Its server has to be started with tools: the words above say how.")),
        (("image input", "multimodal", "only supports text input", "image(s) may be provided"),
         _("It cannot see pictures; remove them or choose a model with vision.")),
        (("does not support embeddings", "embedding"), _("Choose a model for embeddings.")),
        (("enginecore", "engine is dead", "enginedead"),
         _("Its engine has failed, and it has to be started again: its log says why.")),
        (("out of memory",), _("The server has no memory left: its log says more.")),
    )  # fmt: skip
    return next((text for marks, text in known if any(mark in lowered for mark in marks)), "")
