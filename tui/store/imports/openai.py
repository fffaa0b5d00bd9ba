"""Lists of messages with `role` and `content`, as OpenAI's API takes them and many tools save."""

from typing import Any

import msgspec

from tui.domain.session import Session
from tui.store.imports.growing import About, Said, grown, moment, one_after_another


class _Message(msgspec.Struct):
    role: str
    content: str | list[Any] | None = None
    reasoning_content: str | None = None
    thinking: str | None = None
    model: str | None = None
    created_at: Any = None
    tool_calls: list[dict[str, Any]] | None = None


class _Conversation(msgspec.Struct):
    messages: list[_Message]
    title: str | None = None
    name: str | None = None
    model: str | None = None
    created_at: Any = None
    created: Any = None
    updated_at: Any = None


def fits(entry: object) -> bool:
    """Whether an entry is of this kind."""
    return _are_messages(entry) or (
        isinstance(entry, dict) and _are_messages(entry.get("messages"))
    )


def session(entry: object) -> Session:
    """The conversation. Raises ValueError."""
    if isinstance(entry, list):
        entry = {"messages": entry}
    found = msgspec.convert(entry, _Conversation)
    about = About(
        title=found.title or found.name or "",
        model=found.model or "",
        created_at=moment(found.created_at or found.created),
        updated_at=moment(found.updated_at),
    )
    return grown(about, one_after_another(_said(each) for each in found.messages))


def text_of(content: str | list[Any] | None) -> str:
    """What is text in a content, which may be made of parts; a picture is a mark."""
    if not isinstance(content, list):
        return content or ""
    parts = [each if isinstance(each, str) else _part(each) for each in content]
    return "\n\n".join(part for part in parts if part)


def _part(part: object) -> str:
    if not isinstance(part, dict):
        return ""
    text = part.get("text")
    return text if isinstance(text, str) else f"[{part.get('type') or 'image'}]"


def _said(message: _Message) -> Said:
    return Said(
        key=None,
        role=message.role,
        content=text_of(message.content),
        thinking=message.thinking or message.reasoning_content or "",
        model=message.model or "",
        created_at=moment(message.created_at),
        tool_calls=message.tool_calls or [],
    )


def _are_messages(value: object) -> bool:
    return isinstance(value, list) and any(isinstance(m, dict) and "role" in m for m in value)
