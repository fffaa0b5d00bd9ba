"""What clients send, and Ollama's words for what cannot be understood of it."""

import re
from typing import Any, TypeVar

import msgspec
from starlette.requests import Request

from tui.engine.errors import EngineError

_KINDS = {"int": "number", "float": "number", "str": "string"}
_MOST_BYTES = 256 << 20
"""Of a body in JSON: there is room for the images of a long conversation."""
_TOO_LARGE = "http: request body too large"
_WRONG = re.compile(
    r"Expected `(?P<wanted>[^`]+)`, got `(?P<got>\w+)`(?: - at `\$\.?(?P<path>.*)`)?"
)


class Body(msgspec.Struct, kw_only=True):
    """What every request about a model has: its name, in either of two fields."""

    model: str = ""
    name: str = ""

    @property
    def wanted(self) -> str:
        """The name; an empty `model` counts as absent."""
        return self.model or self.name


class Streamed(Body, kw_only=True):
    """A request whose answer comes in lines unless it is asked not to."""

    stream: bool = True


class ShowRequest(Body, kw_only=True):
    """`POST /api/show`."""

    verbose: bool = False


class PullRequest(Streamed, kw_only=True):
    """`POST /api/pull`."""

    insecure: bool = False


class CopyRequest(msgspec.Struct, kw_only=True):
    """`POST /api/copy`."""

    source: str = ""
    destination: str = ""


class Inference(Streamed, kw_only=True):
    """What chats, completions and embeddings have in common."""

    options: dict[str, Any] = {}
    keep_alive: str | float | None = None
    truncate: bool = True


class Answering(Inference, kw_only=True):
    """What chats and completions have in common."""

    format: Any = None
    think: bool | str | None = None
    shift: bool = True
    logprobs: bool = False
    top_logprobs: int = 0
    render_only: bool = msgspec.field(name="_debug_render_only", default=False)
    """Show the prompt as the model would get it, and run nothing."""


class GenerateRequest(Answering, kw_only=True):
    """`POST /api/generate`."""

    prompt: str = ""
    suffix: str = ""
    system: str = ""
    template: str = ""
    context: list[int] = []
    raw: bool = False
    images: list[str] = []


class CalledFunction(msgspec.Struct, kw_only=True):
    """What a model called, and with what."""

    name: str = ""
    arguments: Any = None


class ToolCall(msgspec.Struct, kw_only=True):
    """One call of a tool."""

    id: str | None = None
    function: CalledFunction | None = None


class ChatMessage(msgspec.Struct, kw_only=True):
    """One message of a chat."""

    role: str = ""
    content: str | None = ""
    thinking: str | None = None
    images: list[str] | None = None
    tool_calls: list[ToolCall] | None = None
    tool_name: str | None = None
    tool_call_id: str | None = None


class ChatRequest(Answering, kw_only=True):
    """`POST /api/chat`."""

    messages: list[ChatMessage] = []
    tools: list[Any] = []


class EmbedRequest(Inference, kw_only=True):
    """`POST /api/embed`."""

    input: Any = None
    prompt: str = ""
    """The one text of the older `POST /api/embeddings`."""
    dimensions: int = 0


class CreateRequest(Streamed, kw_only=True):
    """`POST /api/create`."""

    source: str = msgspec.field(name="from", default="")
    files: dict[str, str] = {}
    adapters: dict[str, str] = {}
    draft_files: dict[str, str] = {}
    template: str = ""
    system: str = ""
    license: str | list[str] = []
    parameters: dict[str, Any] = {}
    messages: list[dict[str, Any]] = []
    quantize: str = ""
    renderer: str = ""
    parser: str = ""
    requires: str = ""


T = TypeVar("T", bound=msgspec.Struct)


async def read(request: Request, kind: type[T]) -> T:
    """A request's body; a null counts as absent. Raises EngineError with status 400."""
    raw = await whole(request)
    if not raw:
        raise EngineError("missing request body", 400)
    try:
        found = msgspec.json.decode(raw)
        if isinstance(found, dict):
            found = {key: value for key, value in found.items() if value is not None}
        return msgspec.convert(found, kind)
    except msgspec.ValidationError as error:
        raise EngineError(_in_go(str(error), kind), 400) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        cut = "truncated" in str(error)
        raise EngineError("unexpected EOF" if cut else f"invalid JSON: {error}", 400) from error


async def whole(request: Request) -> bytes:
    """All of a request's body. Raises EngineError with status 413 where that is too much."""
    raw, announced = bytearray(), request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > _MOST_BYTES:
        raise EngineError(_TOO_LARGE, 413)
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > _MOST_BYTES:
            raise EngineError(_TOO_LARGE, 413)
    return bytes(raw)


def _in_go(text: str, kind: type[msgspec.Struct]) -> str:
    """A wrong type, in the words of the language that clients expect an answer from."""
    found = _WRONG.match(text)
    if not found:
        return text
    got = _KINDS.get(found["got"], found["got"])
    if not found["path"]:
        return f"json: cannot unmarshal {got} into Go value of type api.{kind.__name__}"
    wanted = {"str": "string", "int": "int", "bool": "bool"}.get(found["wanted"], found["wanted"])
    field = f"{kind.__name__}.{found['path']}"
    return f"json: cannot unmarshal {got} into Go struct field {field} of type {wanted}"
