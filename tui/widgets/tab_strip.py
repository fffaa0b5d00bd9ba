"""Tabs of chats, or filters with their counts, over a rule that is heavy under the active one."""

from dataclasses import dataclass
from itertools import zip_longest
from typing import NamedTuple

from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.reactive import reactive

from tui.widgets.glyphs import g
from tui.widgets.lines import Lines, fit, line, muted, spread
from tui.widgets.plain import one_line
from tui.widgets.zone import Zone

_LONGEST = 32
_GAP = 3


class Tab(NamedTuple):
    """One tab: what it is known by, its words, and a glyph or a count behind them."""

    key: str
    title: str
    mark: str = ""
    style: str = "$muted"


class Strip(Zone):
    """Two lines; when there is no room for all, the active tab and its neighbours stand."""

    tabs: reactive[tuple[Tab, ...]] = reactive((), repaint=False)
    active: reactive[str] = reactive("", repaint=False)
    right: reactive[Content] = reactive(Content(""), repaint=False, always_update=True)
    """What stands at the right end while all tabs leave room for it."""

    @dataclass
    class Chosen(Message):
        """The user clicked on the tab of `key`."""

        strip: "Strip"
        key: str

        @property
        def control(self) -> "Strip":
            return self.strip

    def watch_tabs(self) -> None:
        self.redraw()

    def watch_active(self) -> None:
        self.redraw()

    def watch_right(self) -> None:
        self.redraw()

    def draw(self, width: int, height: int) -> Lines:
        shown, cut_left, cut_right = self._window(width)
        row, under = line(" "), line((g.rule, "$rule"))
        if cut_left:
            row, under = line(row, muted(f"{g.more} ")), line(under, (g.rule * 2, "$rule"))
        for tab in shown:
            item = self._item(tab, width - 2)
            here = tab.key == self.active
            heavy = (
                (g.full if here else g.rule) * item.cell_length,
                "$accent" if here else "$rule",
            )
            row = line(row, item, " " * _GAP)
            under = line(under, heavy, (g.rule * _GAP, "$rule"))
        row = line(row.rstrip(), muted(f" {g.more}")) if cut_right else row
        if self.right.plain and row.cell_length + self.right.cell_length < width:
            row = spread(row, line(self.right, " "), width)
        rest = (g.rule * max(width - under.cell_length, 0), "$rule")
        return [fit(row.rstrip(), width), line(under, rest).truncate(width)]

    def on_click(self, event: Click) -> None:
        shown, cut_left, _ = self._window(self.size.width)
        start = 3 if cut_left else 1
        for tab in shown:
            end = start + self._item(tab, self.size.width - 2).cell_length
            if start - 1 <= event.x <= end:
                event.stop()
                self.post_message(self.Chosen(self, tab.key))
                return
            start = end + _GAP

    def _item(self, tab: Tab, room: int) -> Content:
        style = "bold $strong" if tab.key == self.active else "$muted"
        mark = f" {tab.mark}" if tab.mark else ""
        title = line((one_line(tab.title), style))
        longest = min(_LONGEST, max(room - len(mark), 1))
        if title.cell_length > longest:
            title = fit(title, longest).rstrip()
        return line(title, (mark, tab.style))

    def _window(self, width: int) -> tuple[list[Tab], bool, bool]:
        """The tabs there is room for, and whether some are missing before and after them."""
        tabs = self.tabs
        sizes = [self._item(tab, width - 2).cell_length + _GAP for tab in tabs]
        if sum(sizes) - _GAP < width:
            return list(tabs), False, False
        active = next((i for i, tab in enumerate(tabs) if tab.key == self.active), 0)
        kept, used = {active}, sizes[active] - _GAP
        room = width - 5  # air, and a cut mark with its space at both ends
        for pair in zip_longest(range(active + 1, len(tabs)), range(active - 1, -1, -1)):
            for index in pair:
                if index is None:
                    continue
                used += sizes[index]
                if used > room:
                    return _between(tabs, kept)
                kept.add(index)
        return _between(tabs, kept)


def _between(tabs: tuple[Tab, ...], kept: set[int]) -> tuple[list[Tab], bool, bool]:
    first, last = min(kept), max(kept)
    return list(tabs[first : last + 1]), first > 0, last < len(tabs) - 1
