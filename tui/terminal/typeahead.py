"""Keys typed ahead: each goes to what the keys before it brought about.

Textual gives a key to whatever has the focus when it is read, and runs its binding once it has
bubbled up to the app. Of several keys in one read, as they come over SSH and after every stall,
all but the first would go to what that one was about to leave.
"""

import asyncio
from collections import deque
from itertools import takewhile

from textual.app import App
from textual.driver import Driver
from textual.events import Event, Key, MouseDown, MouseUp, Paste
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, TextArea

Typed = Key | Paste | MouseDown | MouseUp

_LONGEST = 1.0
"""Seconds that a key is waited for; what it was on its way through may be gone."""
_ROUNDS = 3
"""How often the way of a key is gone again: what it set off may set off something in its turn."""


class Passed(Message):
    """Goes the way of a key, up to the app: once it is there, so is what was sent before it."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


class TypeAhead(App[None]):
    """Takes one key at a time; letters for a line, and a key that repeats, many."""

    def __init__(
        self, driver_class: type[Driver] | None = None, *, ansi_color: bool | None = None
    ) -> None:
        super().__init__(driver_class=driver_class, ansi_color=ansi_color)
        self._typed: deque[Typed] = deque()
        self._under_way: asyncio.TimerHandle | None = None
        self._number = 0
        """Of the message that is waited for: others come too late."""
        self._rounds = 0
        """How often to go the way again."""
        self._here: Widget | None = None
        """Whose the keys are."""
        self._idle_key = ""
        """The key that was last taken, unless it gave the next ones to another widget."""

    async def on_event(self, event: Event) -> None:
        if isinstance(event, Typed) and not event.is_forwarded:
            self._typed.append(event)
            await self._take_next()
        else:
            await super().on_event(event)

    async def _take_next(self) -> None:
        if self._under_way or not self._typed:
            return
        self._here = self.focused or self.screen
        events = self._together(self._here)
        self._rounds = 0 if _is_text(events[0]) and _is_line(self._here) else _ROUNDS
        self._idle_key = _name(events[0])
        for event in events:
            await super().on_event(event)
        self._follow(self._here)

    def _together(self, here: Widget) -> list[Typed]:
        """The next key, and those behind it that can change nothing that it did not."""
        letters = _is_line(here) and _is_text(self._typed[0])

        def is_like(event: Typed) -> bool:
            return _is_text(event) if letters else _name(event) == self._idle_key != ""

        count = max(len([*takewhile(is_like, self._typed)]), 1)
        return [self._typed.popleft() for _key in range(count)]

    def _follow(self, target: Widget) -> None:
        """Send a message behind whatever was sent to the target."""
        self._end()
        self._under_way = asyncio.get_running_loop().call_later(_LONGEST, self._lose)
        if not self._send_behind(target):
            self._send_behind(self)

    def _send_behind(self, target: Widget | App[None]) -> bool:
        self._number += 1
        return target.post_message(Passed(self._number))

    async def on_passed(self, event: Passed) -> None:
        """All that was sent before is done: go on, unless that changed whose the keys are."""
        if event.number != self._number:
            return
        here = self.focused or self.screen
        if here is not self._here:
            self._here, self._rounds, self._idle_key = here, _ROUNDS, ""
        if self._rounds:
            self._rounds -= 1
            self._follow(here)
        else:
            self._end()
            await self._take_next()

    def _lose(self) -> None:
        """Wait for the app alone, then try the way once more: the app may have taken so long."""
        self._rounds = int(self._rounds > 1)
        self._send_behind(self)

    def _end(self) -> None:
        if self._under_way:
            self._under_way.cancel()
        self._under_way = None


def _is_text(event: Typed) -> bool:
    return isinstance(event, Key) and event.is_printable


def _is_line(widget: Widget) -> bool:
    return isinstance(widget, Input | TextArea)


def _name(event: Typed) -> str:
    return event.key if isinstance(event, Key) else ""
