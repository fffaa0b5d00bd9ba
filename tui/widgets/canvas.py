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
from tui.widgets.differences import changes

_EMPTY = Content("")
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


_UNKNOWN = Row(Content("what the terminal left where it moved rows away"))


class Canvas(TerminalScrolled):
    """Subclasses say what its rows are with `paint`."""

    ALLOW_SELECT = False

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.rows: Sequence[Row] = ()
        self.stale = False
        """Whether rows were left as they were, to be painted the next time."""
        self._width = 0

    def paint(self, rows: Sequence[Row], most: int | None = None) -> None:
        """Show these rows, or `most` of those that differ; Textual would paint all of them."""
        before = [*self.rows[: len(rows)], *[_UNKNOWN] * (len(rows) - len(self.rows))]
        by = _shift(before, rows)
        if by and self.move_rows(by):
            before = _moved(before, by)
        self._width, painted = self.size.width, 0
        shown, self.stale = [*rows], False
        for y, (old, new) in enumerate(zip(before, rows, strict=True)):
            parts = self._changed(old, new)
            if parts and most is not None and painted >= most and old is not _UNKNOWN:
                shown[y], self.stale = Row(old.content), True  # its keeper keeps the new one
            elif parts:
                painted += 1
                self.refresh(*(Region(start, y, end - start, 1) for start, end in parts))
        self.rows = shown

    def _changed(self, old: "Row", new: "Row") -> list[tuple[int, int]]:
        whole = self._width
        return [(0, whole)] if old is _UNKNOWN else [*changes(old.content, new.content, whole)]

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


def _shift(before: Sequence[Row], after: Sequence[Row]) -> int:
    """How far most rows moved up, or down if negative."""
    places = {id(row.content): y for y, row in enumerate(before) if row.content is not _EMPTY}
    moves = Counter(
        places[id(row.content)] - y for y, row in enumerate(after) if id(row.content) in places
    )
    by, rows = max(moves.items(), key=itemgetter(1), default=(0, 0))
    return by if rows >= _FEW else 0


def _moved(rows: list[Row], by: int) -> list[Row]:
    gone = [_UNKNOWN] * abs(by)
    return [*rows[by:], *gone] if by > 0 else [*gone, *rows[:by]]
