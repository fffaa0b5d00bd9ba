"""A list of rows, of which only those in sight are drawn."""

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import accumulate

import msgspec
from textual.binding import Binding
from textual.content import Content
from textual.events import Click, Resize
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

from tui.domain.language import _
from tui.widgets.differences import changes
from tui.widgets.lines import Lines, fit, line, muted

DrawRow = Callable[[int, bool], Lines]


class Row(msgspec.Struct, frozen=True):
    """One entry of a list, known by its key."""

    key: str
    draw: DrawRow
    """Its lines at a width; the flag says whether the cursor is on it."""
    height: int = 1
    """How many lines it draws; 0 when only drawing can tell."""
    selectable: bool = True
    """False for headings and gaps, which the cursor skips."""


class Rows(ScrollView, can_focus=True):
    """A list with a cursor: given rows, it tells which one was moved to or chosen."""

    ALLOW_SELECT = False
    BINDINGS = [
        Binding("enter", "choose", _("open"), show=False, id="rows.choose"),
        Binding("j,down", "step(1)", _("next row"), show=False, id="rows.down"),
        Binding("k,up", "step(-1)", _("row before"), show=False, id="rows.up"),
        Binding("g,home", "first", _("first row"), show=False, id="rows.first"),
        Binding("G,end", "last", _("last row"), show=False, id="rows.last"),
        Binding("pagedown", "page(1)", _("page down"), show=False, id="rows.page_down"),
        Binding("pageup", "page(-1)", _("page up"), show=False, id="rows.page_up"),
    ]

    @dataclass
    class Moved(Message):
        """The cursor came to the row of `key`."""

        rows: "Rows"
        key: str

        @property
        def control(self) -> "Rows":
            return self.rows

    @dataclass
    class Chosen(Message):
        """The user opened the row of `key`."""

        rows: "Rows"
        key: str

        @property
        def control(self) -> "Rows":
            return self.rows

    def __init__(self, empty: str = "", *, id: str | None = None, classes: str = "") -> None:
        super().__init__(id=id, classes=classes)
        self._empty = empty
        self._rows: list[Row] = []
        self._tops: list[int] = [0]
        self._cursor = -1
        self._drawn: dict[int, Lines] = {}

    @property
    def cursor_key(self) -> str | None:
        """The key of the row the cursor is on; None in an empty list."""
        return self._rows[self._cursor].key if self._cursor >= 0 else None

    @property
    def keys(self) -> list[str]:
        """The keys of the rows that can be selected, in order."""
        return [row.key for row in self._rows if row.selectable]

    def show(
        self, rows: Iterable[Row], cursor_key: str | None = None, empty: str | None = None
    ) -> None:
        """Show other rows, painting only the lines that differ.

        The cursor stays on its key, or goes to `cursor_key`. `empty` is said where no rows are.
        """
        before, key, place = self._in_sight(), self.cursor_key, self._cursor
        self._rows = list(rows)
        self._empty = self._empty if empty is None else empty
        self._cursor = self._find(cursor_key or key, place)
        self._measure()
        self._repaint(before)
        if cursor_key and cursor_key == self.cursor_key:
            self._reveal()

    def move_to(self, key: str) -> None:
        """Put the cursor on the row of `key`, if it is there."""
        index = self._find(key, self._cursor)
        if index >= 0:
            self._go(index)

    def action_choose(self) -> None:
        """Open the row under the cursor."""
        if self.cursor_key is not None:
            self.post_message(self.Chosen(self, self.cursor_key))

    def action_step(self, by: int) -> None:
        """Go to the next or the previous row."""
        index = self._cursor + by
        while 0 <= index < len(self._rows) and not self._rows[index].selectable:
            index += by
        if 0 <= index < len(self._rows):
            self._go(index)

    def action_first(self) -> None:
        """Go to the first row."""
        self._go(self._near(0))

    def action_last(self) -> None:
        """Go to the last row."""
        self._go(self._near(len(self._rows) - 1))

    def action_page(self, by: int) -> None:
        """Go down or up by as many lines as are in sight."""
        if self._rows:
            line_number = self._tops[self._cursor] + by * max(self.size.height - 1, 1)
            self._go(self._near(self._row_at(min(max(line_number, 0), self._tops[-1] - 1))))

    def on_click(self, event: Click) -> None:
        number = event.y + self.scroll_offset.y
        if number >= self._tops[-1]:
            return
        index = self._row_at(number)
        if index == self._cursor:
            self.action_choose()
        elif self._rows[index].selectable:
            self._go(index)

    def _go(self, index: int) -> None:
        if index < 0:
            return
        before, self._cursor = self._cursor, index
        if before != index:
            self._draw_anew(before, index)
            self.post_message(self.Moved(self, self._rows[index].key))
        self._reveal()

    def _draw_anew(self, *changed: int) -> None:
        """Draw rows that the cursor left or came to; they may be higher under it."""
        for index in changed:
            self._drawn.pop(index, None)
            self.refresh_lines(self._tops[index], self._height(index))
        if any(self._tops[at] + self._height(at) != self._tops[at + 1] for at in changed):
            self._measure()
            self.refresh()

    def _reveal(self) -> None:
        """Scroll as little as shows the cursor's row, and a heading right above it."""
        top, bottom = self._tops[self._cursor], self._tops[self._cursor + 1]
        if not any(row.selectable for row in self._rows[: self._cursor]):
            top = 0
        height, offset = self.size.height, self.scroll_offset.y
        if top < offset or bottom - top > height:
            self.scroll_to(y=top, animate=False)
        elif bottom > offset + height:
            self.scroll_to(y=bottom - height, animate=False)

    def _find(self, key: str | None, place: int) -> int:
        """The row of `key`; where it is gone, the row that took its place."""
        for index, row in enumerate(self._rows):
            if row.key == key and row.selectable:
                return index
        return self._near(max(place, 0))

    def _near(self, index: int) -> int:
        """The nearest row that can be selected; -1 when there is none."""
        able = [number for number, row in enumerate(self._rows) if row.selectable]
        return min(able, key=lambda number: abs(number - index), default=-1)

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        shown = fit(self._line_at(y + self.scroll_offset.y), width)
        strips = Visual.to_strips(self, shown, width, 1, self.visual_style, pad=True)
        return strips[0] if strips else Strip.blank(width, self.rich_style)

    def on_resize(self, event: Resize) -> None:
        self._measure()
        if self._cursor >= 0:
            self._reveal()
        self.refresh()

    def _measure(self) -> None:
        self._drawn.clear()
        self._tops = [0, *accumulate(map(self._height, range(len(self._rows))))]
        self.virtual_size = Size(self.size.width, self._tops[-1])

    def _height(self, index: int) -> int:
        return self._rows[index].height or len(self._lines(index))

    def _lines(self, index: int) -> Lines:
        if index not in self._drawn:
            self._drawn[index] = self._rows[index].draw(self.size.width, index == self._cursor)
        return self._drawn[index]

    def _row_at(self, number: int) -> int:
        return bisect_right(self._tops, number) - 1

    def _line_at(self, number: int) -> Content:
        if not self._rows:
            said = muted(self._empty).wrap(max(self.size.width - 6, 1)) if self._empty else []
            return line("   ", said[number]) if number < len(said) else line()
        if number >= self._tops[-1]:
            return line()
        index = self._row_at(number)
        lines, at = self._lines(index), number - self._tops[index]
        return lines[at] if at < len(lines) else line()

    def _in_sight(self) -> Lines:
        offset = self.scroll_offset.y
        return [self._line_at(offset + y) for y in range(self.size.height)]

    def _repaint(self, before: Lines) -> None:
        for y, (old, new) in enumerate(zip(before, self._in_sight(), strict=False)):
            for start, end in changes(old, new, self.size.width):
                self.refresh(Region(start, y, end - start, 1))
