"""ChatGPT's data export: conversations.json, each a tree of nodes."""

from typing import Any

import msgspec

from tui.domain.session import Session
from tui.store.imports.growing import About, Said, grown, moment
from tui.store.imports.openai import text_of


class _Author(msgspec.Struct):
    role: str


class _Content(msgspec.Struct):
    content_type: str = "text"
    parts: list[Any] | None = None
    text: str | None = None
    thoughts: list[dict[str, Any]] | None = None


class _Metadata(msgspec.Struct):
    model_slug: str | None = None
    is_visually_hidden_from_conversation: bool | None = None


class _Message(msgspec.Struct):
    author: _Author
    content: _Content
    create_time: Any = None
    metadata: _Metadata | None = None


class _Node(msgspec.Struct):
    message: _Message | None = None
    parent: str | None = None


class _Conversation(msgspec.Struct):
    mapping: dict[str, _Node]
    title: str | None = None
    create_time: Any = None
    update_time: Any = None
    current_node: str | None = None
    is_archived: bool | None = None
    is_starred: bool | None = None


def fits(entry: object) -> bool:
    """Whether an entry is of this kind."""
    return isinstance(entry, dict) and isinstance(entry.get("mapping"), dict)


def session(entry: object) -> Session:
    """The conversation with all its branches. Raises ValueError."""
    found = msgspec.convert(entry, _Conversation)
    about = About(
        title=found.title or "",
        created_at=moment(found.create_time),
        updated_at=moment(found.update_time),
        leaf=found.current_node,
        archived=bool(found.is_archived),
        pinned=bool(found.is_starred),
    )
    return grown(about, [_said(key, node) for key, node in found.mapping.items()])


def _said(key: str, node: _Node) -> Said:
    message = node.message
    if message is None or (
        message.metadata and message.metadata.is_visually_hidden_from_conversation
    ):
        return Said(key=key, parent=node.parent, role="system")
    return Said(
        key=key,
        parent=node.parent,
        role=message.author.role,
        content=_text(message.content),
        thinking=_thoughts(message.content),
        model=(message.metadata and message.metadata.model_slug) or "",
        created_at=moment(message.create_time),
    )


def _text(content: _Content) -> str:
    text = text_of(content.parts) or content.text or ""
    if content.content_type in ("code", "execution_output") and text:
        return f"```\n{text}\n```"
    return text


def _thoughts(content: _Content) -> str:
    return "\n\n".join(str(each.get("content") or "") for each in content.thoughts or ())
