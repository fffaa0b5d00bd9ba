"""Messages as `/v1/chat/completions` takes them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

_KINDS = {"iVBOR": "png", "R0lG": "gif", "UklG": "webp"}
"""How pictures of a kind begin in base64; all others that a message can carry are JPEG."""


def messages(told: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Ollama's messages in OpenAI's form: calls have ids there, by which their results are told."""
    open_calls: list[str] = []
    return [_message(each, number, open_calls) for number, each in enumerate(told)]


def _message(each: Mapping[str, Any], number: int, open_calls: list[str]) -> dict[str, Any]:
    message: dict[str, Any] = {"role": each["role"], "content": _content(each)}
    if calls := each.get("tool_calls"):
        message["tool_calls"] = [*_calls(calls, number)]
        open_calls[:] = [call["id"] for call in message["tool_calls"]]
    if each["role"] == "tool":
        message["tool_call_id"] = open_calls.pop(0) if open_calls else f"call_{number}"
    return message


def _content(each: Mapping[str, Any]) -> str | list[dict[str, Any]]:
    if not each.get("images"):
        return str(each["content"])
    pictures = [{"type": "image_url", "image_url": {"url": _url(data)}} for data in each["images"]]
    return [{"type": "text", "text": each["content"]}, *pictures]


def _url(data: str) -> str:
    kind = next((kind for mark, kind in _KINDS.items() if data.startswith(mark)), "jpeg")
    return f"data:image/{kind};base64,{data}"


def _calls(calls: Sequence[Mapping[str, Any]], number: int) -> Iterator[dict[str, Any]]:
    for place, call in enumerate(calls):
        function = call.get("function", {})
        given = function.get("arguments") or {}
        arguments = given if isinstance(given, str) else msgspec.json.encode(given).decode()
        yield {
            "id": call.get("id") or f"call_{number}_{place}",
            "type": "function",
            "function": {"name": function.get("name", ""), "arguments": arguments},
        }
