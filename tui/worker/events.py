"""The facts the worker tells: typed, frozen, in the order in which they happened."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Literal

import msgspec

from tui.domain.pulls import Pull
from tui.domain.replies import Phase
from tui.domain.session import Message, Session
from tui.domain.status import HostStatus

log = logging.getLogger(__name__)


class ReplyState(msgspec.Struct, frozen=True):
    """A running answer as it stands: a snapshot, so that a listener may skip any of them."""

    session_id: str
    message: Message
    """The answer so far, under the id it will keep."""
    phase: Phase
    since: datetime
    """When the phase began."""
    detail: str = ""
    """Whom it is queued behind, or what is being loaded."""
    tokens_per_second: float = 0.0
    """Measured here over the last seconds; 0 until known."""
    pieces: int = 0
    """How many came so far; a piece is about a token."""


class ReplyChanged(msgspec.Struct, frozen=True):
    """A running answer grew or came into another phase."""

    reply: ReplyState


class ReplyEnded(msgspec.Struct, frozen=True):
    """An answer is over, well or not; the session holds it."""

    session_id: str
    message: Message


class SessionChanged(msgspec.Struct, frozen=True):
    """A session's messages, title or settings are not what they were."""

    session: Session


class SessionRemoved(msgspec.Struct, frozen=True):
    """A session went to the trash."""

    session_id: str


class SessionsLearned(msgspec.Struct, frozen=True):
    """The list of all sessions has been brought up to date with the disk."""


class PullChanged(msgspec.Struct, frozen=True):
    """A job of the download queue came or moved on."""

    pull: Pull


class PullRemoved(msgspec.Struct, frozen=True):
    """A job was taken out of the queue."""

    pull_id: str


class HostChanged(msgspec.Struct, frozen=True):
    """Something about a host is not what it was."""

    status: HostStatus


class HostRemoved(msgspec.Struct, frozen=True):
    """A host is configured no more."""

    name: str


class HostChosen(msgspec.Struct, frozen=True):
    """Another host is in use for new chats, models and pulls."""

    name: str


class ModelChecked(msgspec.Struct, frozen=True):
    """A registry told whether it has a newer version of a model."""

    name: str


Severity = Literal["information", "warning", "error"]


class Notice(msgspec.Struct, frozen=True):
    """Something the user should hear about, whatever is on the screen."""

    text: str
    severity: Severity = "information"
    calls: bool = False
    """Whether it should reach a user who looks elsewhere."""
    of_queue: bool = False
    """Whether who looks at the queue sees it there."""


Event = (
    ReplyChanged
    | ReplyEnded
    | SessionChanged
    | SessionRemoved
    | SessionsLearned
    | PullChanged
    | PullRemoved
    | HostChanged
    | HostRemoved
    | HostChosen
    | ModelChecked
    | Notice
)

Listener = Callable[[Event], None]


class Events:
    """Where the worker tells its facts, and where others listen."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Hear every event from now on; the returned function ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def tell(self, event: Event) -> None:
        """Tell every listener, at once and in order."""
        for listener in [*self._listeners]:
            listener(event)
