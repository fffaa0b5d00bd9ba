"""A conversation as lines, of which only those in sight are drawn."""

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from time import monotonic

from textual.binding import Binding
from textual.events import Blur, Click, Focus, MouseScrollDown, MouseScrollUp, Resize
from textual.message import Message as Event
from textual.reactive import reactive
from textual.timer import Timer

from tui.domain.language import _
from tui.domain.session import Message
from tui.widgets.canvas import Canvas, Row
from tui.widgets.conversation import Conversation
from tui.widgets.entry import Entry
from tui.widgets.lines import line, muted
from tui.widgets.reading import Reading
from tui.widgets.turns import GUTTER, cornered

_INTERVAL = 0.1
"""Seconds between two drawings of a growing answer."""
_SHARE = 8
"""A drawing that took long is followed by a pause this many times as long."""
_SOON = 0.01
"""What comes together is drawn together. (A timer of no time at all never rings.)"""
_WHEEL = 3
_AIRY_FROM = 20


class Transcript(Canvas, can_focus=True):
    """Messages given as entries. It stays at the end until it is scrolled up."""

    BINDINGS = [
        Binding("up", "scroll(-1)", _("line up"), show=False, id="transcript.up"),
        Binding("down", "scroll(1)", _("line down"), show=False, id="transcript.down"),
        Binding("pageup", "page(-1)", _("page up"), show=False, id="transcript.page_up"),
        Binding("pagedown", "page(1)", _("page down"), show=False, id="transcript.page_down"),
    ]

    placeholder: reactive[str] = reactive("")
    """What stands in an empty chat."""

    class Moved(Event):
        """The user went somewhere else in the conversation; `reading` says where."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._conversation = Conversation()
        self._reading = Reading(self._conversation.height)
        self._pending: dict[str, Entry] = {}
        self._flush_timer: Timer | None = None
        self._clock: Timer | None = None
        self._due = 0.0

    # --- what is shown ---

    def show(self, entries: Sequence[Entry], reading: tuple[str, int] | None = None) -> None:
        """Show these messages; the window stays where it was, or goes where `reading` says."""
        reading = reading or self.reading
        self._pending.clear()
        self._conversation.show(entries)
        index = self._conversation.index(reading[0]) if reading else None
        self._reading.following = index is None
        if index is not None and reading:
            self._reading.top = (index, reading[1])
        self._draw()

    def update(self, entry: Entry) -> None:
        """Show a message that came or grew; a growing one is not drawn at each call."""
        self._pending[entry.message.id] = entry
        wait = self._due - monotonic()
        if entry.live is None or not self.is_running:
            self._flush()
        elif self._flush_timer is None:
            self._flush_timer = self.set_timer(max(wait, _SOON), self._flush)

    @property
    def reading(self) -> tuple[str, int] | None:
        """The line at the top, as a message's id and a number; None while following."""
        index, at = self._reading.top
        if self._reading.following or index >= len(self._conversation.entries):
            return None
        return self._conversation.entries[index].message.id, at

    @property
    def following(self) -> bool:
        """Whether it stays at the end."""
        return self._reading.following

    @property
    def below(self) -> str:
        """How much lies below the window, in words."""
        places = [] if self._reading.following else [*self._reading.lines()]
        return self._conversation.below(*places[-1]) if places else ""

    @property
    def chosen(self) -> Message | None:
        """The message that keys in browse mode are about: the last answer if no other."""
        index = self._conversation.chosen
        return None if index is None else self._conversation.entries[index].message

    # --- moving ---

    def choose(self, id: str) -> None:
        """Choose a message and bring it into sight."""
        if (index := self._conversation.index(id)) is not None:
            self._choose(index)

    def move(self, by: int) -> None:
        """Choose the next or the previous message; beyond the last one, follow."""
        index = self._conversation.chosen
        if index is None:
            return
        if index + by >= len(self._conversation.entries):
            self.follow()
        else:
            self._choose(max(index + by, 0))

    def go_first(self) -> None:
        """Choose the first message."""
        if self._conversation.entries:
            self._choose(0)

    def follow(self) -> None:
        """Go to the end, choose the last answer and stay there."""
        self._conversation.choose(None)
        self._reading.following = True
        self._draw_moved()

    def action_scroll(self, by: int) -> None:
        """Move the window by lines."""
        self._reading.scroll(by)
        self._draw_moved()

    def action_page(self, by: int) -> None:
        """Move the window by all but two of its lines."""
        self.action_scroll(by * max(self.size.height - 2, 1))

    def toggle_thinking(self) -> None:
        """Fold or unfold what the chosen answer thought."""
        index = self._conversation.chosen
        if index is None:
            return
        self._conversation.toggle(index)
        if self._conversation.entries[index].live:
            self._draw()
        else:
            self._choose(index)

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        event.stop()
        self.action_scroll(-_WHEEL)

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        event.stop()
        self.action_scroll(_WHEEL)

    def on_click(self, event: Click) -> None:
        places = [*self._reading.lines()]
        if event.y < len(places):
            self._conversation.choose(places[event.y][0])
            self._draw()

    def on_focus(self, event: Focus) -> None:
        self._conversation.browsing = True
        self._draw()

    def on_blur(self, event: Blur) -> None:
        self._conversation.browsing = False
        self._draw()

    def _choose(self, index: int) -> None:
        self._conversation.choose(index)
        seen = sum(entry == index for entry, _ in self._reading.lines())
        if seen < self._conversation.height(index):
            self._reading.go((index, 0))
        self._draw_moved()

    def _draw_moved(self) -> None:
        self._draw()
        self.post_message(self.Moved())

    # --- drawing ---

    def on_resize(self, event: Resize) -> None:
        self.rows = ()
        self._draw()

    def watch_placeholder(self) -> None:
        self._draw()

    def _flush(self) -> None:
        """Draw what came since the last time."""
        if self._flush_timer is not None:
            self._flush_timer.stop()
            self._flush_timer = None
        began = monotonic()
        for entry in self._pending.values():
            self._conversation.put(entry)
        self._pending.clear()
        self._draw()
        ended = monotonic()
        self._due = ended + max(_INTERVAL, _SHARE * (ended - began))

    def _tick(self) -> None:
        """Seconds change once a second, as long as anything runs."""
        if self._conversation.tell_time():
            self._draw()
        elif self._clock is not None:
            self._clock.stop()
            self._clock = None

    def _draw(self) -> None:
        """Find what is in the window now, and paint the lines that differ."""
        width, height = self.size
        if not width or not height:
            return
        self._conversation.shape(width, airy=self.app.size.height >= _AIRY_FROM)
        self._reading.count, self._reading.height = len(self._conversation.entries), height
        self._reading.settle()
        self.paint(self._in_sight(height))
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
