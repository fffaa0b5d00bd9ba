"""Messages as Ollama's clients write them, and as llama.cpp reads them."""

import base64
import binascii
import json
import re
from typing import Any

import msgspec

from tui.engine.bodies import CalledFunction, ChatMessage, ToolCall
from tui.engine.errors import EngineError
from tui.engine.models import Model

Wire = dict[str, Any]
"""A message in OpenAI's form."""

_KNOWN_SCHEMA_TYPES = {"string", "number", "integer", "boolean", "object", "array", "null"}
_THINK_LEVELS = ("high", "medium", "low", "max")
_MOST_LOGPROBS = 20
_BAD_SCHEMA = (
    "Field 'json_schema': \"json_schema\": JSON schema conversion failed:\nUnrecognized schema: "
)
_NO_IMAGES = "Multimodal data provided, but model does not support multimodal requests."
_BASE64 = re.compile(r"[A-Za-z0-9+/]*")


def stored(model: Model) -> list[ChatMessage]:
    """The messages a model brings."""
    try:
        return msgspec.convert(model.messages, list[ChatMessage])
    except msgspec.ValidationError as error:
        raise EngineError(f"the messages stored in {model.name} are damaged: {error}") from error


def to_wire(message: ChatMessage) -> Wire:
    """One message for llama.cpp's chat."""
    wire: Wire = {"role": message.role.lower(), "content": message.content or ""}
    if message.images:
        wire |= question(message.content or "", message.images) | {"role": wire["role"]}
    if message.tool_calls:
        wire["tool_calls"] = [_call(number, call) for number, call in enumerate(message.tool_calls)]
    if message.thinking:
        wire["reasoning_content"] = message.thinking
    if wire["role"] == "tool":
        wire["tool_call_id"] = message.tool_call_id or "call_0"
        wire["name"] = message.tool_name or ""
    return wire


def question(text: str, images: list[str]) -> Wire:
    """What a user asks, about images if there are any."""
    if not images:
        return {"role": "user", "content": text}
    return {"role": "user", "content": [*map(_image, images), {"type": "text", "text": text}]}


def text_of(message: Wire) -> str:
    """The text of a message."""
    content = message["content"]
    if isinstance(content, str):
        return content
    return "".join(part.get("text") or "" for part in content or [])


def with_text(message: Wire, text: str) -> Wire:
    """A message with another text."""
    if isinstance(message["content"], str):
        return message | {"content": text}
    others = [part for part in message["content"] if part.get("type") != "text"]
    return message | {"content": [*others, {"type": "text", "text": text}]}


def _image(text: str) -> Wire:
    # Only the bytes themselves: llama.cpp would fetch an address.
    return {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{text}"}}


def check_images(images: list[str], model: Model) -> None:
    """Refuse what is no image, and any image where the model cannot see."""
    for number, text in enumerate(images):
        try:
            base64.b64decode(text, validate=True)
        except binascii.Error as error:
            at = len(_BASE64.match(text)[0])  # type: ignore[index]  # it matches an empty text too
            raise EngineError(
                f"json: cannot unmarshal string into Alias.images.{number} of type api.ImageData: "
                f"illegal base64 data at input byte {at}",
                400,
            ) from error
    if images:
        model.require("vision", _NO_IMAGES)


def _call(number: int, call: ToolCall) -> Wire:
    function = call.function or CalledFunction()
    arguments = json.dumps(function.arguments or {})
    return {
        "id": call.id or f"call_{number}",
        "type": "function",
        "function": {"name": function.name, "arguments": arguments},
    }


def system_first(messages: list[Wire]) -> list[Wire]:
    """All system texts joined into one at the start, which is all that some templates allow."""
    system = [text_of(message) for message in messages if message["role"] == "system"]
    others = [message for message in messages if message["role"] != "system"]
    return [{"role": "system", "content": "\n\n".join(system)}, *others] if system else others


def without_oldest(messages: list[Wire], count: int) -> list[Wire]:
    """Messages but for the `count` oldest; system texts stay."""
    kept = [message for message in messages[:count] if message["role"] == "system"]
    return [*kept, *messages[count:]]


def response_format(wanted: object) -> Wire | None:
    """`format` for llama.cpp, which lets pass what it does not know: so it is checked."""
    if wanted in (None, ""):
        return None
    if wanted == "json":
        return {"type": "json_object"}
    if not isinstance(wanted, dict):
        shown = json.dumps(json.dumps(wanted))
        raise EngineError(f'invalid format: {shown}; expected "json" or a valid JSON Schema object')
    _check_schema(wanted)
    return {"type": "json_schema", "json_schema": {"schema": wanted}}


def _check_schema(schema: Wire) -> None:
    kinds = schema.get("type", [])
    for kind in [kinds] if isinstance(kinds, str) else kinds:
        if kind not in _KNOWN_SCHEMA_TYPES:
            shown = json.dumps(schema, separators=(",", ":"))
            raise EngineError(_BAD_SCHEMA + shown, 400)
    properties = schema.get("properties")
    parts = [*(properties.values() if isinstance(properties, dict) else []), schema.get("items")]
    for part in parts:
        if isinstance(part, dict):
            _check_schema(part)


def check_think(think: bool | str | None) -> None:
    """Refuse what is no level of thinking."""
    if isinstance(think, str) and think not in _THINK_LEVELS:
        levels = ", ".join(f'"{level}"' for level in _THINK_LEVELS)
        raise EngineError(f'invalid think value: "{think}" (must be {levels}, true, or false)', 400)


def check_logprobs(count: int) -> None:
    """Refuse what is no number of alternatives."""
    if not 0 <= count <= _MOST_LOGPROBS:
        raise EngineError(f"top_logprobs must be between 0 and {_MOST_LOGPROBS}", 400)


def logprob(token: Wire, count: int) -> Wire:
    """One token with its probability and up to `count` others, as Ollama tells it."""
    told = {key: token[key] for key in ("token", "logprob", "bytes") if key in token}
    others = (token.get("top_logprobs") or [])[:count]
    return told | ({"top_logprobs": [logprob(other, 0) for other in others]} if others else {})
