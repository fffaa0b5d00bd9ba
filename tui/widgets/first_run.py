"""What is shown while no server answers: where was looked, and what can be done."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import NamedTuple

from rich.cells import cell_len
from textual.binding import Binding
from textual.content import Content
from textual.events import Key, Resize

from tui.domain.language import _
from tui.domain.status import Trial
from tui.widgets.glyphs import g
from tui.widgets.lines import Lines, indent, line, muted, picked, strong
from tui.widgets.plain import one_line
from tui.widgets.rows import Row, Rows
from tui.widgets.wrap import wrap

_WIDEST, _SMALL = 88, 70
_RESULT, _LABEL = 10, 28
_LESS = ("gap", "tried")
"""What makes room in a low window, in this order: the ways and the note always stay."""

_LOOK = {
    "good": (g.done, "$success"),
    "bad": (g.failed, "$error"),
    "neither": (g.queued, "$muted"),
}


class Way(NamedTuple):
    """Something that helps, and the key that does it."""

    key: str
    label: str
    why: str = ""


class FirstRun(Rows):
    """Posts `FirstRun.Chosen` with the key of a way, which is also the key to press."""

    BINDINGS = [Binding("enter", "choose", _("choose"), id="first.choose")]

    def __init__(self) -> None:
        super().__init__()
        self._trials: Sequence[Trial] = ()
        self._ways: Sequence[Way] = ()
        self._title = self._note = ""

    def tell(
        self, trials: Sequence[Trial], ways: Sequence[Way], note: str = "", title: str = ""
    ) -> None:
        """Say what was tried and what can be done; the first way is the one enter takes."""
        untouched = not self._ways or self.cursor_key == self._ways[0].key
        self._trials, self._ways, self._note = trials, ways, note
        self._title = title or _("No Ollama server answered")
        self._lay_out()
        if ways and untouched:
            self.move_to(ways[0].key)

    def on_key(self, event: Key) -> None:
        if any(event.character == way.key for way in self._ways):
            event.stop()
            event.prevent_default()
            self.post_message(self.Chosen(self, event.character or ""))

    def on_resize(self, event: Resize) -> None:
        self._lay_out()

    def _lay_out(self) -> None:
        if not self.size:
            return  # out of sight, as behind a chat
        rows = [*self._rows_of()]
        for less in _LESS:
            if self._room_beside(rows) < 0:
                rows = [row for row in rows if not row.key.startswith(less)]
        if (above := (self._room_beside(rows) - 2) * 2 // 5) > 0:
            rows.insert(0, Row("gap above", partial(_lines, [line()] * above), above, False))
        self.show(rows)

    def _room_beside(self, rows: Iterable[Row]) -> int:
        width, height = self.size
        return height - sum(len(row.draw(width, False)) for row in rows)

    def _rows_of(self) -> Iterable[Row]:
        yield Row("title", partial(_prose, strong(self._title)), 0, selectable=False)
        if self._trials:
            yield _said("gap 1", line())
            yield _said("tried", muted(_("Tried")))
        for trial in self._trials:
            yield Row(f"tried {trial.what}", partial(_trial, trial), selectable=False)
        if self._ways:
            yield _said("gap 2", line())
            yield _said("now", muted(_("What now?")))
        for way in self._ways:
            yield Row(way.key, partial(_way, way))
        if self._note:
            yield _said("gap 3", line())
            yield Row("note", partial(_prose, muted(self._note)), 0, selectable=False)


def _said(key: str, content: Content) -> Row:
    return Row(key, partial(_lines, [content]), selectable=False)


def _margin(width: int) -> int:
    return 2 if width < _SMALL else max((width - _WIDEST) // 2, 3)


def _lines(lines: Lines, width: int, _here: bool) -> Lines:
    return indent(lines, _margin(width))


def _prose(text: Content, width: int, _here: bool) -> Lines:
    margin = _margin(width)
    return indent(wrap(text, max(width - 2 * margin, 8)), margin)


def _column(text: str, width: int, style: str = "$foreground") -> Content:
    """As wide as its column, or wider rather than cut: what was tried must be readable."""
    return line((text, style)).pad_right(max(width - cell_len(text), 1))


def _trial(trial: Trial, width: int, _here: bool) -> Lines:
    glyph, style = _LOOK[trial.outcome]
    small = width < _SMALL
    row = line((f"  {glyph} ", style), _column(one_line(trial.what), 23 if small else 26))
    if small:
        row = line(row, (trial.result, "$muted"))
    else:
        row = line(row, _column(trial.result, _RESULT), (one_line(trial.why), "$muted"))
    return indent([row], _margin(width))


def _way(way: Way, width: int, here: bool) -> Lines:
    row = line(
        " " * (_margin(width) - 1),
        (g.here if here else " ", "$accent"),
        (f"  {way.key} ", "bold $accent"),
        _column(way.label, _LABEL, "bold $strong" if here else "$foreground"),
        ("" if width < _SMALL else way.why, "$muted"),
    )
    return [picked(row, width) if here else row]
