"""Messages as `/v1/chat/completions` takes them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

Content = str | list[dict[str, Any]]
"""A text, or parts of which some are pictures."""

_KINDS = {"iVBOR": "png", "R0lG": "gif", "UklG": "webp"}
"""How pictures of a kind begin in base64; all others that a message can carry are JPEG."""


def messages(told: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Ollama's messages in OpenAI's form: calls have ids there, by which their results are told.

    Questions whose answers failed stand behind one another, which strict templates refuse: they
    become one.
    """
    open_calls: list[str] = []
    found: list[dict[str, Any]] = []
    for number, each in enumerate(told):
        message = _message(each, number, open_calls)
        if found and message["role"] == found[-1]["role"] == "user":
            found[-1]["content"] = _joined(found[-1]["content"], message["content"])
        else:
            found.append(message)
    return found


def _joined(one: Content, other: Content) -> Content:
    if isinstance(one, str) and isinstance(other, str):
        return f"{one}\n\n{other}"
    return [*_parts(one), *_parts(other)]


def _parts(content: Content) -> list[dict[str, Any]]:
    return [{"type": "text", "text": content}] if isinstance(content, str) else content


def _message(each: Mapping[str, Any], number: int, open_calls: list[str]) -> dict[str, Any]:
    message: dict[str, Any] = {"role": each["role"], "content": _content(each)}
    if calls := each.get("tool_calls"):
        message["tool_calls"] = [*_calls(calls, number)]
        open_calls[:] = [call["id"] for call in message["tool_calls"]]
    if each["role"] == "tool":
        message["tool_call_id"] = open_calls.pop(0) if open_calls else f"call_{number}"
    return message


def _content(each: Mapping[str, Any]) -> Content:
    if not each.get("images"):
        return str(each["content"])
    pictures = [{"type": "image_url", "image_url": {"url": _url(data)}} for data in each["images"]]
    return [*_parts(str(each["content"])), *pictures]


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
