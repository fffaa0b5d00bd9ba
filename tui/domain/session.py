"""A conversation: a tree of messages of which one branch is shown."""

import os
import time
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

import msgspec

from tui.domain import clock
from tui.domain.replies import Stats

SCHEMA = 1
"""The form of a session file; CONTRIBUTING.md describes it."""

Role = Literal["system", "user", "assistant", "tool"]
State = Literal["complete", "stopped", "interrupted", "failed"]

_TITLE_LENGTH = 48


class _Ids:
    """Makes ids that no two moments share: of two made within a millisecond one takes the next."""

    def __init__(self) -> None:
        self._last = 0

    def make(self) -> str:
        self._last = max(time.time_ns() // 1_000_000, self._last + 1)
        return f"{self._last:012x}-{os.urandom(5).hex()}"


_ids = _Ids()


def new_id() -> str:
    """An id that sorts by time: milliseconds since 1970 and 40 random bits, in hex."""
    return _ids.make()


class Attached(msgspec.Struct, frozen=True, kw_only=True):
    """What is said of a file that a message carries."""

    name: str
    size: int = 0
    """Bytes."""


class Message(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One entry of a conversation."""

    id: str
    parent: str | None
    """The message it follows; None for the first."""
    role: Role
    content: str
    created_at: datetime
    thinking: str = ""
    thought: float = 0.0
    """Seconds that the thinking took, measured here."""
    tool_calls: list[dict[str, Any]] = []
    attachments: list[str] = []
    """sha256 of files in `data/attachments`."""
    attached: dict[str, Attached] = {}
    """What is said of them, by sha256."""
    model: str = ""
    host: str = ""
    """Which host answered; empty where that was not noted yet."""
    state: State = "complete"
    done_reason: str = ""
    error: str = ""
    """Why it was interrupted or failed, in words for the user."""
    stats: Stats | None = None
    unseen: int = 0
    """How many older messages the model was not shown."""
    form: str = ""
    """`json` where the answer was asked for in JSON."""
    fault: str = ""
    """What is wrong with that form, in words for the user."""
    extra: dict[str, Any] = {}
    """Fields of a newer version, kept as they were; see store."""

    @property
    def resumable(self) -> bool:
        """Whether the model could go on where this answer ends."""
        ended_early = self.state in ("stopped", "interrupted") or self.done_reason == "length"
        return self.role == "assistant" and ended_early and bool(self.content)


class Session(msgspec.Struct, kw_only=True):
    """A conversation whole. Messages are only ever added or replaced under the same id."""

    schema: int = SCHEMA
    id: str = msgspec.field(default_factory=new_id)
    title: str = ""
    created_at: datetime = msgspec.field(default_factory=clock.now)
    updated_at: datetime = msgspec.field(default_factory=clock.now)
    host: str = "local"
    """A configured name: `local` is OLLAMA_HOST, `embedded` the engine; never a URL."""
    model: str = ""
    system: str = ""
    options: dict[str, Any] = {}
    think: bool | str | None = None
    format: str | dict[str, Any] | None = None
    keep_alive: str | int | None = None
    pinned: bool = False
    archived: bool = False
    tags: list[str] = []
    queued: list[str] = []
    """Messages waiting to be sent."""
    carried: dict[str, dict[str, Attached]] = {}
    """The images that go with those of them, by their text and sha256."""
    messages: list[Message] = []
    leaf: str | None = None
    """The last message of the branch shown."""
    extra: dict[str, Any] = {}
    """Fields of a newer version, kept as they were; see store."""

    def get(self, id: str) -> Message | None:
        """The message with this id."""
        return next((message for message in self.messages if message.id == id), None)

    def branch(self, leaf: str | None = None) -> list[Message]:
        """The messages from the first to `leaf`, or to the leaf shown."""
        by_id = {message.id: message for message in self.messages}
        path: list[Message] = []
        at = by_id.pop(leaf or self.leaf or "", None)
        while at is not None:  # each message is taken once: a damaged file may hold a circle
            path.append(at)
            at = by_id.pop(at.parent or "", None)
        return path[::-1]

    def siblings(self, message: Message) -> list[Message]:
        """The message and its alternatives, oldest first."""
        return [m for m in self.messages if m.parent == message.parent and m.role == message.role]

    def add(self, message: Message, *, shown: bool = True) -> None:
        """Put a message in, or in the place of the one with its id, and show it if it is to be.

        Of answers that came at the same time the one asked for first stands first.
        """
        others = [m for m in self.messages if m.id != message.id]
        later = (at for at, m in enumerate(others) if _is_later_sibling(m, message))
        at = next(later, len(others))
        self.messages = [*others[:at], message, *others[at:]]
        self.leaf = message.id if shown else self.leaf
        self.updated_at = clock.now()
        if not self.title and message.role == "user":
            self.title = title_from(message.content)

    def replace(self, message: Message) -> None:
        """Put a message in the place of the one with its id."""
        self.messages = [message if m.id == message.id else m for m in self.messages]
        self.updated_at = clock.now()

    def show(self, message: Message) -> None:
        """Turn to the branch through `message`, down to its newest end."""
        children: dict[str, str] = {m.parent: m.id for m in self.messages if m.parent}
        at, seen = message.id, {message.id}
        while (at_next := children.get(at)) and at_next not in seen:
            at = at_next
            seen.add(at)
        self.leaf = at


def _is_later_sibling(one: Message, other: Message) -> bool:
    return (
        one.parent == other.parent
        and one.role == other.role == "assistant"
        and one.created_at >= other.created_at
        and one.id > other.id
    )


def title_from(text: str) -> str:
    """A title made of the first words of a question."""
    words = " ".join(text.split())
    if len(words) <= _TITLE_LENGTH:
        return words
    cut = words[:_TITLE_LENGTH]
    space = cut.rfind(" ")
    return (cut[:space] if space > _TITLE_LENGTH // 2 else cut) + "…"


def wire(messages: Iterable[Message], system: str = "") -> list[dict[str, Any]]:
    """Messages as `POST /api/chat` takes them; failed answers without text are left out.

    Images are still hashes: who knows where the files are puts those in their place.
    """
    told: list[dict[str, Any]] = [{"role": "system", "content": system}] if system else []
    for message in messages:
        if message.role == "assistant" and not message.content and not message.tool_calls:
            continue
        entry: dict[str, Any] = {"role": message.role, "content": message.content}
        if message.tool_calls:
            entry["tool_calls"] = message.tool_calls
        if message.attachments:
            entry["images"] = [*message.attachments]
        told.append(entry)
    return told


class SessionTitle(msgspec.Struct, frozen=True, kw_only=True):
    """What a list of sessions shows of one."""

    id: str
    title: str
    updated_at: datetime
    host: str = ""
    model: str = ""
    pinned: bool = False
    archived: bool = False
    tags: list[str] = []
    state: State = "complete"
    """How its last answer ended."""

    @classmethod
    def of(cls, session: Session) -> "SessionTitle":
        """The line of the list for a session."""
        last = session.get(session.leaf or "")
        return cls(
            id=session.id,
            title=session.title,
            updated_at=session.updated_at,
            host=session.host,
            model=session.model,
            pinned=session.pinned,
            archived=session.archived,
            tags=session.tags,
            state=last.state if last else "complete",
        )
