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
from textual.events import Event, Key, Paste
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input, TextArea

_LONGEST = 1.0
"""Seconds that a key is waited for; what it was on its way through may be gone."""


class Passed(Message):
    """Follows a key on its way up to the app: once it is there, so was the key."""


def _is_text(event: Key | Paste) -> bool:
    return isinstance(event, Key) and event.is_printable


class TypeAhead(App[None]):
    """Takes one key at a time."""

    def __init__(
        self, driver_class: type[Driver] | None = None, *, ansi_color: bool | None = None
    ) -> None:
        super().__init__(driver_class=driver_class, ansi_color=ansi_color)
        self._typed: deque[Key | Paste] = deque()
        self._under_way: asyncio.TimerHandle | None = None
        self._acted = False
        """Whether the key was no text for the widget it was given to."""
        self._settled: Screen[object] | None = None
        """The screen that has taken all that was sent to it before the key."""

    async def on_event(self, event: Event) -> None:
        if isinstance(event, Key | Paste) and not event.is_forwarded:
            self._typed.append(event)
            await self._take_next()
        else:
            await super().on_event(event)

    def on_key(self) -> None:
        self._acted = True

    async def _take_next(self) -> None:
        if self._under_way or not self._typed:
            return
        target = self.focused or self.screen
        self._under_way = asyncio.get_running_loop().call_later(_LONGEST, self._lose)
        for event in self._together(target):
            await super().on_event(event)
            self._acted |= not event.is_forwarded
        self._follow(target)

    def _together(self, target: Widget) -> list[Key | Paste]:
        """The next key; where text is typed, all letters up to the next key that is none."""
        letters = takewhile(_is_text, self._typed) if isinstance(target, Input | TextArea) else ()
        count = max(len([*letters]), 1)
        return [self._typed.popleft() for _key in range(count)]

    def _follow(self, target: Widget) -> None:
        if not target.post_message(Passed()):
            self.post_message(Passed())

    async def on_passed(self) -> None:
        """A key has gone all its way; behind one that did something, the screen is to be ready."""
        if self._acted or self.screen is not self._settled:
            self._acted = False
            self._settled = self.screen
            self._follow(self.screen)
        else:
            self._end()
            await self._take_next()

    def _lose(self) -> None:
        self._end()
        self.post_message(Passed())

    def _end(self) -> None:
        if self._under_way:
            self._under_way.cancel()
        self._under_way = None
