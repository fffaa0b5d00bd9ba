"""The worker's events as Textual signals: one for each thing that several screens share."""

from typing import Any

from textual.dom import DOMNode
from textual.signal import Signal

from tui.screens.pacing import Paced
from tui.worker.events import (
    Event,
    HostChanged,
    HostChosen,
    HostRemoved,
    ModelChecked,
    PullChanged,
    PullRemoved,
    ReplyChanged,
    ReplyEnded,
    SessionChanged,
    SessionRemoved,
    SessionsLearned,
)

ReplyEvent = ReplyChanged | ReplyEnded
SessionEvent = SessionChanged | SessionRemoved | SessionsLearned
PullEvent = PullChanged | PullRemoved
HostEvent = HostChanged | HostRemoved | HostChosen


class Signals:
    """What a screen subscribes to. Read the present value first, then subscribe."""

    def __init__(self, owner: DOMNode) -> None:
        self.replies: Signal[ReplyEvent] = Signal(owner, "replies")
        self.sessions: Signal[SessionEvent] = Signal(owner, "sessions")
        self.pulls: Signal[PullEvent] = Signal(owner, "pulls")
        self.hosts: Signal[HostEvent] = Signal(owner, "hosts")
        self.checks: Signal[ModelChecked] = Signal(owner, "checks")
        routes: tuple[tuple[tuple[type, ...], Signal[Any]], ...] = (
            ((ReplyChanged, ReplyEnded), self.replies),
            ((SessionChanged, SessionRemoved, SessionsLearned), self.sessions),
            ((PullChanged, PullRemoved), self.pulls),
            ((HostChanged, HostRemoved, HostChosen), self.hosts),
            ((ModelChecked,), self.checks),
        )
        self._pulls_soon = Paced(owner, self._publish_pulls)
        """Downloads tell of themselves many times a second, and whoever hears looks at them all."""
        self._pull: PullEvent | None = None
        self._routes = {kind: signal for kinds, signal in routes for kind in kinds}

    def publish(self, event: Event) -> bool:
        """Pass an event on; False for one that belongs to none of the signals."""
        signal = self._routes.get(type(event))
        if isinstance(event, PullChanged | PullRemoved):
            self._pull = event
            self._pulls_soon()
        elif signal is not None:
            signal.publish(event)
        return signal is not None

    def _publish_pulls(self) -> None:
        if self._pull is not None:
            self.pulls.publish(self._pull)
