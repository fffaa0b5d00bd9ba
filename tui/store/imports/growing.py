"""From what a source knows of messages to a conversation of ours."""

from collections.abc import Hashable, Iterable
from datetime import UTC, datetime
from typing import Any

import msgspec

from tui.domain import clock
from tui.domain.language import _
from tui.domain.session import Message, Role, Session, new_id, title_from

_ROLES: dict[str, Role] = {
    "user": "user",
    "human": "user",
    "assistant": "assistant",
    "model": "assistant",
    "ai": "assistant",
    "tool": "tool",
    "function": "tool",
    "system": "system",
    "developer": "system",
}


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """A message as a source has it."""

    key: Hashable
    parent: Hashable = None
    """The key of the message it follows."""
    role: str
    content: str = ""
    """Nothing is kept of a message without any, but what follows it is."""
    thinking: str = ""
    model: str = ""
    created_at: datetime | None = None
    tool_calls: list[dict[str, Any]] = []


class About(msgspec.Struct, kw_only=True):
    """What a source knows of a conversation."""

    title: str = ""
    model: str = ""
    """Empty where it was none of Ollama's: then the user chooses one."""
    system: str = ""
    options: dict[str, Any] = {}
    created_at: datetime | None = None
    updated_at: datetime | None = None
    leaf: Hashable = None
    """The key of the last message of the branch shown."""
    pinned: bool = False
    archived: bool = False
    tags: list[str] = []


def one_after_another(said: Iterable[Said]) -> list[Said]:
    """Messages of a source without branches: each follows the one before."""
    chain: list[Said] = []
    for each in said:
        chain.append(
            msgspec.structs.replace(each, key=len(chain) + 1, parent=len(chain) if chain else None)
        )
    return chain


def grown(about: About, said: Iterable[Said]) -> Session:
    """A conversation with fresh ids. Raises ValueError where nothing was said."""
    nodes = {each.key: each for each in said}
    kept = {key: new_id() for key, each in nodes.items() if _worth(each)}
    if not kept:
        raise ValueError(_("there are no messages in it"))
    began = about.created_at or min(
        filter(None, (m.created_at for m in nodes.values())), default=None
    )
    began = began or about.updated_at or clock.now()
    messages = [
        Message(
            id=fresh,
            parent=kept.get(_kept_above(nodes, kept, key)),
            role=_ROLES[nodes[key].role],
            content=nodes[key].content,
            thinking=nodes[key].thinking,
            model=nodes[key].model,
            tool_calls=nodes[key].tool_calls,
            created_at=nodes[key].created_at or began,
        )
        for key, fresh in kept.items()
    ]
    session = Session(
        title=about.title.strip() or _title(messages),
        created_at=began,
        updated_at=about.updated_at or max(message.created_at for message in messages),
        model=about.model,
        system=about.system or _system(nodes.values()),
        options=about.options,
        pinned=about.pinned,
        archived=about.archived,
        tags=about.tags,
        messages=messages,
    )
    session.leaf = kept.get(about.leaf) or kept.get(_kept_above(nodes, kept, about.leaf))
    if session.leaf is None:
        session.leaf = messages[-1].id
    return session


def moment(value: object) -> datetime | None:
    """A time in seconds, milliseconds or nanoseconds since 1970, or as ISO 8601."""
    try:
        if isinstance(value, str) and value:
            read = datetime.fromisoformat(value)
            return read if read.tzinfo else read.replace(tzinfo=UTC)
        if isinstance(value, int | float) and 0 < value < _NO_DATE:
            while value > _LAST_SECOND:
                value /= 1000
            return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        pass
    return None


_LAST_SECOND = 1e11
"""More seconds than any date has that a chat could bear."""
_NO_DATE = 1e20
"""More than such a date has nanoseconds."""


def _worth(said: Said) -> bool:
    """Whether it becomes a message; what a system is told stands in the session."""
    filled = said.content.strip() or said.thinking or said.tool_calls
    return bool(filled) and _ROLES.get(said.role, "system") != "system"


def _kept_above(nodes: dict[Hashable, Said], kept: dict[Hashable, str], key: Hashable) -> Hashable:
    """The nearest message before this one that is kept."""
    seen = {key}
    at = nodes[key].parent if key in nodes else None
    while at in nodes and at not in kept and at not in seen:
        seen.add(at)
        at = nodes[at].parent
    return None if at in seen else at


def _system(said: Iterable[Said]) -> str:
    """What the first message to the system says."""
    told = (each.content for each in said if _ROLES.get(each.role) == "system")
    return next((text for text in told if text.strip()), "")


def _title(messages: list[Message]) -> str:
    asked = next((each.content for each in messages if each.role == "user"), "")
    return title_from(asked) or _("imported chat")
