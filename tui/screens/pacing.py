"""Progress comes many times a second; the screen needs to say it a few times."""

from collections.abc import Callable

from textual.message_pump import MessagePump
from textual.timer import Timer

REPAINT = 0.25
"""Seconds between two paintings of something that moves on."""
SELDOM = 1.0
"""The same for numbers that nobody could read faster, or that are beside the point."""


class Paced:
    """A callback that runs at once, then at most once an interval, however often it is asked.

    What was asked in between is never lost: it runs when the interval is over.
    """

    def __init__(
        self, node: MessagePump, callback: Callable[[], None], interval: float = REPAINT
    ) -> None:
        self._node = node
        self._callback = callback
        self._interval = interval
        self._timer: Timer | None = None
        self._asked = False

    def __call__(self, *_about: object) -> None:
        if self._timer is not None:
            self._asked = True
            return
        self._timer = self._node.set_timer(self._interval, self._rested)
        self._callback()

    def _rested(self) -> None:
        self._timer = None
        if self._asked:
            self._asked = False
            self()
