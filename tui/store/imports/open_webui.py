"""Open WebUI: its exports, and the rows of its database, each a tree of messages."""

import re
from html import unescape
from typing import Any

import msgspec

from tui.domain.session import Session
from tui.store.imports.growing import About, Said, grown, moment, one_after_another
from tui.store.imports.openai import text_of

_REASONING = re.compile(
    r'<details type="reasoning"[^>]*>\s*(?:<summary>.*?</summary>)?(.*?)</details>\s*', re.DOTALL
)
_QUOTED = re.compile(r"^> ?", re.MULTILINE)


class _Message(msgspec.Struct, rename="camel"):
    role: str
    content: str | list[Any] | None = None
    id: str | None = None
    parent_id: str | None = None
    model: str | None = None
    timestamp: Any = None


class _History(msgspec.Struct, rename="camel"):
    messages: dict[str, _Message] = {}
    current_id: str | None = None


class _Chat(msgspec.Struct):
    title: str | None = None
    models: list[str] | None = None
    system: str | None = None
    history: _History | None = None
    messages: list[_Message] | None = None
    """The branch shown, once more; alone in old exports."""


class _Meta(msgspec.Struct):
    tags: list[str] | None = None


class _Row(msgspec.Struct):
    chat: _Chat
    title: str | None = None
    created_at: Any = None
    updated_at: Any = None
    archived: bool | None = None
    pinned: bool | None = None
    meta: _Meta | None = None


def fits(entry: object) -> bool:
    """Whether an entry is of this kind."""
    chat = entry.get("chat") if isinstance(entry, dict) else None
    return isinstance(chat, dict) and ("history" in chat or "messages" in chat)


def session(entry: object) -> Session:
    """The conversation with all its branches. Raises ValueError."""
    row = msgspec.convert(entry, _Row, strict=False)
    chat = row.chat
    about = About(
        title=row.title or chat.title or "",
        model=next(iter(chat.models or ()), ""),
        system=chat.system or "",
        created_at=moment(row.created_at),
        updated_at=moment(row.updated_at),
        leaf=chat.history.current_id if chat.history else None,
        archived=bool(row.archived),
        pinned=bool(row.pinned),
        tags=(row.meta and row.meta.tags) or [],
    )
    if chat.history and chat.history.messages:
        return grown(about, [_said(key, each) for key, each in chat.history.messages.items()])
    return grown(about, one_after_another(_said("", each) for each in chat.messages or ()))


def _said(key: str, message: _Message) -> Said:
    text = text_of(message.content)
    thoughts = [_QUOTED.sub("", unescape(each)).strip() for each in _REASONING.findall(text)]
    return Said(
        key=key,
        parent=message.parent_id,
        role=message.role,
        content=_REASONING.sub("", text),
        thinking="\n\n".join(thoughts),
        model=message.model or "",
        created_at=moment(message.timestamp),
    )
