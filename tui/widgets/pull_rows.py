"""Downloads, one row each: how far, how fast, what is going on."""

from collections.abc import Sequence

from rich.cells import cell_len
from textual.binding import Binding
from textual.content import Content

from tui.domain.language import _
from tui.domain.pulls import ACTIVE, Pull, State
from tui.domain.units import percent, speed
from tui.widgets.glyphs import g
from tui.widgets.lines import (
    NARROW,
    WIDE,
    Lines,
    fit,
    gauge,
    indent,
    line,
    muted,
    picked,
    spread,
)
from tui.widgets.model_table import name_of
from tui.widgets.plain import visible
from tui.widgets.pull_words import PullLine, amount, aside, doing, left, look, share, word
from tui.widgets.rows import Row, Rows
from tui.widgets.wrap import wrap

_STATE, _SHARE, _AMOUNT, _SPEED, _LEFT = 14, 7, 14, 10, 7
_MARGIN = 3
_NAMES = {False: (18, 22), True: (22, 40)}
"""The least and the most cells of the name, by whether the window is wide."""
_LEAST_BAR = 6
_NOTED: tuple[State, ...] = ("downloading", "verifying", "failed")
"""What has a note even where room is scarce."""


class PullRows(Rows):
    """The queue, in its order."""

    BINDINGS = [Binding("enter", "choose", _("log"), show=False, id="downloads.open")]

    def __init__(self) -> None:
        super().__init__()
        self._drawings: dict[str, _Drawing] = {}

    def show_pulls(self, entries: Sequence[PullLine], empty: str) -> None:
        """Show these downloads."""
        longest = max((cell_len(entry.pull.name) for entry in entries), default=0)
        before, self._drawings = self._drawings, {}
        for each in entries:
            drawing, known = _Drawing(each, longest), before.get(each.pull.id)
            self._drawings[each.pull.id] = known if known and known.is_of(drawing) else drawing
        rows = (Row(key, drawing, height=0) for key, drawing in self._drawings.items())
        self.show(rows, empty=empty)


class _Drawing:
    """The rows of one download, drawn once: most of a long queue waits."""

    def __init__(self, entry: PullLine, longest: int) -> None:
        self.entry = entry
        self.longest = longest
        self._lines: dict[tuple[int, bool], Lines] = {}

    def is_of(self, other: "_Drawing") -> bool:
        """Whether another would be the same."""
        return (self.longest, self.entry) == (other.longest, other.entry)

    def __call__(self, width: int, here: bool) -> Lines:
        if (width, here) not in self._lines:
            self._lines[width, here] = _draw(self.entry, self.longest, width, here)
        return self._lines[width, here]


def _draw(entry: PullLine, longest: int, width: int, here: bool) -> Lines:
    if width < NARROW:
        why = _reason(entry.pull, _MARGIN, width) if here else []
        return [_narrow(entry.pull, width, here=here), *why]
    wide = width >= WIDE
    least, most = _NAMES[wide]
    others = _MARGIN + _STATE + _SHARE + _AMOUNT + _LEFT + (_SPEED if wide else 0) + 1
    name = max(least, min(longest + 2, most, width - others - _LEAST_BAR))
    bar = max(width - others - name, _LEAST_BAR)
    row = _first(entry, name, bar, wide=wide, here=here)
    rows = [picked(row, width) if here else row, *_note(entry, name, bar, width)]
    return [*rows, line()] if wide or entry.pull.state in ACTIVE else rows


def _narrow(pull: Pull, width: int, *, here: bool) -> Content:
    state = line(_state(pull), fit(line(share(pull)), 5, "right"), " ")
    name = name_of(pull.name, width - state.cell_length - _MARGIN - 2, here=here)
    row = spread(line(_mark(here=here), name), state, width)
    return picked(row, width) if here else row


def _first(entry: PullLine, name: int, bar: int, *, wide: bool, here: bool) -> Content:
    pull = entry.pull
    shown = _bar(pull, bar) if _has_bar(pull) else fit(muted(aside(entry) if wide else ""), bar)
    return line(
        _mark(here=here),
        fit(name_of(pull.name, name - 1, here=here), name - 1),
        " ",
        fit(_state(pull), _STATE),
        shown,
        fit(line(share(pull)), _SHARE, "right"),
        fit(muted(amount(pull)), _AMOUNT, "right"),
        fit(line(speed(pull.speed) if pull.state == "downloading" else ""), _SPEED, "right")
        if wide
        else "",
        fit(muted(left(pull)), _LEFT, "right"),
    )


def _note(entry: PullLine, name: int, bar: int, width: int) -> Lines:
    """The second line: the layer on its way, or what went wrong."""
    pull, wide = entry.pull, width >= WIDE
    if why := _reason(pull, _MARGIN + name if wide else _MARGIN, width):
        return why
    if pull.state not in _NOTED:
        return []
    current = pull.layer
    if pull.state == "verifying" or current is None:
        return [line(" " * _MARGIN, fit(muted(doing(entry)), width - _MARGIN - 1))]
    text = fit(muted(doing(entry)), name + _STATE - 1)
    fraction = current[1].fraction
    shown = fit(muted(percent(fraction)), _SHARE, "right")
    return [line(" " * _MARGIN, text, " ", gauge(fraction, bar, "$muted"), shown)]


def _reason(pull: Pull, column: int, width: int) -> Lines:
    """Why it failed, or may fail."""
    if pull.state != "failed" and not (pull.warning and pull.state == "queued"):
        return []
    said, style = (pull.error, "$foreground") if pull.error else (pull.warning, "$warning")
    return indent(wrap(line((visible(said), style)), max(width - column - 1, 10)), column)


def _mark(*, here: bool) -> Content:
    return line((f" {g.here if here else ' '} ", "$accent"))


def _state(pull: Pull) -> Content:
    glyph, style = look(pull)
    return line((f"{glyph} {word(pull)}", style))


def _has_bar(pull: Pull) -> bool:
    return pull.state in ACTIVE or (pull.state in ("paused", "failed") and pull.completed > 0)


def _bar(pull: Pull, width: int) -> Content:
    style = "$muted" if pull.state == "paused" else look(pull)[1]
    return gauge(pull.fraction, width, style)
