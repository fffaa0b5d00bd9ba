"""A widget made of lines that paints only those that differ from before."""

from collections import Counter
from collections.abc import Sequence
from operator import itemgetter
from typing import NamedTuple, Protocol

from rich.segment import Segment
from textual.content import Content
from textual.geometry import Region
from textual.strip import Strip
from textual.theme import Theme

from tui.terminal.scroll import TerminalScrolled
from tui.widgets.changes import changed_width

_EMPTY = Content("")
_UNKNOWN = Content("what the terminal left where it moved rows away")
_FEW = 3
"""Rows that found their place again, from which it is worth to move them."""


class Keeper(Protocol):
    """Whoever a line belongs to keeps its strip."""

    strips: list[Strip | None]


class Row(NamedTuple):
    """A line of the window, and where its strip is kept."""

    content: Content = _EMPTY
    keeper: Keeper | None = None
    number: int = 0


class Canvas(TerminalScrolled):
    """Subclasses say what its rows are with `paint`."""

    ALLOW_SELECT = False

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.rows: Sequence[Row] = ()
        self._width = 0

    def paint(self, rows: Sequence[Row]) -> None:
        """Show these rows; Textual itself would paint all of them."""
        before, self.rows = [row.content for row in self.rows[: len(rows)]], rows
        before += [_UNKNOWN] * (len(rows) - len(before))
        by = _shift(before, [row.content for row in rows])
        if by and self.move_rows(by):
            before = _moved(before, by)
        whole = self._width = self.size.width
        for y, (old, (new, *_)) in enumerate(zip(before, rows, strict=True)):
            if width := whole if old is _UNKNOWN else changed_width(old, new, whole):
                self.refresh(Region(0, y, width, 1))

    def on_mount(self) -> None:
        self.app.theme_changed_signal.subscribe(self, self._recolour)

    def _recolour(self, theme: Theme) -> None:
        for row in self.rows:
            if row.keeper:
                row.keeper.strips = [None] * len(row.keeper.strips)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        content, keeper, number = self.rows[y] if y < len(self.rows) else Row()
        if keeper is None or number >= len(keeper.strips):
            return self._strip(content)
        strip = keeper.strips[number]
        if strip is None or strip.cell_length != self._width:
            strip = keeper.strips[number] = self._strip(content)
        return strip

    def _strip(self, content: Content) -> Strip:
        style = self.visual_style
        parts = content.render(style, end="")
        segments = [Segment(text, each.rich_style) for text, each in parts if text]
        strip = Strip(segments, content.cell_length)
        return strip.adjust_cell_length(self.size.width, style.rich_style).simplify()


def _shift(before: Sequence[Content], after: Sequence[Content]) -> int:
    """How far most rows moved up, or down if negative."""
    places = {id(content): y for y, content in enumerate(before) if content is not _EMPTY}
    moves = Counter(
        places[id(content)] - y for y, content in enumerate(after) if id(content) in places
    )
    by, rows = max(moves.items(), key=itemgetter(1), default=(0, 0))
    return by if rows >= _FEW else 0


def _moved(rows: list[Content], by: int) -> list[Content]:
    gone = [_UNKNOWN] * abs(by)
    return [*rows[by:], *gone] if by > 0 else [*gone, *rows[:by]]
