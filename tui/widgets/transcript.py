"""A conversation as lines, of which only those in sight are drawn."""

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from time import monotonic

from textual.events import Resize
from textual.reactive import reactive
from textual.timer import Timer

from tui.domain.view import ChatView
from tui.terminal.paced import line_to, may_stream
from tui.widgets.canvas import Row
from tui.widgets.entry import Entry
from tui.widgets.lines import line, muted
from tui.widgets.turns import GUTTER, cornered
from tui.widgets.walking import Walking

_INTERVAL, _SELDOM = 0.1, 0.2
"""Seconds between two drawings of a growing answer, and on a slow line."""
_SHARE = 8
"""A drawing that took long is followed by a pause this many times as long."""
_HELD = 0.03
"""Seconds after which the line is looked at again that has not shown all yet."""
_ROW = 150
"""Bytes that a row takes on the line, about."""
_SOON = 0.01
"""What comes together is drawn together. (A timer of no time at all never rings.)"""
_AIRY_FROM = 20


class Transcript(Walking, can_focus=True):
    """Messages given as entries. It stays at the end until it is scrolled up."""

    placeholder: reactive[str] = reactive("")
    """What stands in an empty chat."""
    view: reactive[ChatView] = reactive(ChatView(), init=False)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._pending: dict[str, Entry] = {}
        self._flush_timer: Timer | None = None
        self._clock: Timer | None = None
        self._due = 0.0

    # --- what is shown ---

    def show(self, entries: Sequence[Entry], reading: tuple[str, int] | None = None) -> None:
        """Show these messages; the window stays where it was, or goes where `reading` says."""
        reading = reading or self.reading
        goes_on = self._goes_on(entries)
        self._pending.clear()
        self._conversation.show(entries)
        index = self._conversation.index(reading[0]) if reading else None
        self._reading.following = index is None
        if index is not None and reading:
            self._reading.top = (index, reading[1])
        elif not goes_on:
            self._reading.top = (len(entries), 0)
        self._draw_slice() if goes_on else self._draw()

    def _goes_on(self, entries: Sequence[Entry]) -> bool:
        """Whether this is more of what is shown, at its end."""
        first = self._conversation.entries[:1]
        same = [each.message.id for each in first] == [each.message.id for each in entries[:1]]
        return bool(first) and same and self._reading.following

    def update(self, entry: Entry) -> None:
        """Show a message that came or grew; a growing one is not drawn at each call."""
        self._pending[entry.message.id] = entry
        wait = self._due - monotonic()
        if entry.live is None or not self.is_running:
            self._flush()
        elif self._flush_timer is None:
            self._flush_timer = self.set_timer(max(wait, _SOON), self._flush)

    @property
    def below(self) -> str:
        """How much lies below the window, in words."""
        places = [] if self._reading.following else [*self._reading.lines()]
        return self._conversation.below(*places[-1]) if places else ""

    # --- drawing ---

    def on_resize(self, event: Resize) -> None:
        self.rows = ()
        self._draw()

    def watch_placeholder(self) -> None:
        self._draw()

    def watch_view(self, view: ChatView) -> None:
        self._conversation.see(view)
        self._draw()

    def _flush(self) -> None:
        """Draw what came since the last time, once the terminal shows what was drawn before."""
        if self._flush_timer is not None:
            self._flush_timer.stop()
            self._flush_timer = None
        if not may_stream(self):
            self._flush_timer = self.set_timer(_HELD, self._flush)
            return
        began = monotonic()
        for entry in self._pending.values():
            self._conversation.put(entry)
        self._pending.clear()
        self._draw_slice()
        ended = monotonic()
        interval = _SELDOM if line_to(self).slow else _INTERVAL
        self._due = ended + max(interval, _SHARE * (ended - began))

    def _draw_slice(self) -> None:
        """Paint no more than keys could wait for, and soon the rest."""
        self._draw(most=max(line_to(self).budget() // _ROW, 1))
        if (self.stale or self._reading.lags) and self._flush_timer is None:
            self._flush_timer = self.set_timer(_HELD, self._flush)

    def _tick(self) -> None:
        """Seconds change once a second, as long as anything runs."""
        if self._conversation.tell_time():
            if may_stream(self):
                self._draw_slice()
        elif self._clock is not None:
            self._clock.stop()
            self._clock = None

    def _draw(self, most: int | None = None) -> None:
        """Find what is in the window now, and paint the lines that differ, or `most` of them."""
        width, height = self.size
        if not width or not height:
            return
        airy, slow = self.app.size.height >= _AIRY_FROM, line_to(self).slow
        self._conversation.shape(width, airy=airy, plain=slow)
        self._reading.jump = height // 2 if slow and not self.may_move() else 0
        self._reading.count, self._reading.height = len(self._conversation.entries), height
        self._reading.settle(most)
        self.paint(self._in_sight(height), most)
        if self._clock is None and any(entry.live for entry in self._conversation.entries[-2:]):
            self._clock = self.set_interval(1, self._tick)

    def _in_sight(self, height: int) -> list[Row]:
        rows: list[Row] = []
        for index, places in groupby(self._reading.lines(), key=itemgetter(0)):
            drawn = self._conversation.drawn(index)
            rows += [Row(drawn.rows[number], drawn, number) for _, number in places]
        if not self._conversation.entries and self.placeholder:
            rows = [Row(), Row(line(" " * GUTTER, muted(self.placeholder)))]
        rows += [Row()] * (height - len(rows))
        if below := self.below:
            rows[-1] = Row(cornered(rows[-1].content, below, self.size.width))
        return rows[:height]
