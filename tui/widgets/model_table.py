"""The models of a server as a table."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple

import msgspec
from rich.cells import cell_len
from textual.binding import Binding
from textual.content import Content
from textual.reactive import reactive

from tui.domain.language import _
from tui.domain.models import LocalModel, RunningModel
from tui.domain.units import ago, clock, parameters, percent, size
from tui.widgets.glyphs import g
from tui.widgets.lines import Column, Lines, Part, cells, heading, line, picked
from tui.widgets.plain import one_line
from tui.widgets.rows import Row, Rows
from tui.widgets.zone import Zone

_NAME = 25
_GAP = 2
_KILO = 1024


class ModelLine(msgspec.Struct, frozen=True):
    """What one row of the table says."""

    model: LocalModel
    now: datetime
    """The moment that "4 days" counts from."""
    running: RunningModel | None = None
    """How it is in memory; None while it is not."""
    loading: bool = False
    pulling: float | None = None
    """How far a pull of the same name is, between 0 and 1."""
    marked: bool = False
    newer: bool = False
    """Whether its registry has a newer version."""
    context: int = 0
    can: tuple[str, ...] = ()
    hits: tuple[int, ...] = ()
    """Letters of the name that the filter found."""


def name_of(name: str, room: int, *, here: bool, hits: Sequence[int] = ()) -> Content:
    """A model's name, the letters of a fuzzy query underlined.

    Of one too long for its room that has an owner or a registry, the end is shown.
    """
    said = line((one_line(name), "bold $strong" if here else "$foreground"))
    for at in hits:
        said = said.stylize("bold underline $accent", at, at + 1)
    left_out = said.cell_length - room + 1
    return line(g.more, said[left_out:]) if "/" in name and left_out > 1 else said


class Field(NamedTuple):
    """A column, the width of the table from which it has room, and what it says of a model."""

    column: Column
    least: int
    say: Callable[[ModelLine], Part]
    most: int = 10_000
    """The width from which others say the same, better."""


def _state(entry: ModelLine) -> Part:
    return _coming(entry) or _loaded(entry) or _newer(entry)


def _coming(entry: ModelLine) -> Part:
    if entry.pulling is not None:
        return (f"{g.active} {percent(entry.pulling)}", "$accent")
    return (_("loading"), "$accent") if entry.loading else ""


def _loaded(entry: ModelLine) -> Part:
    return (f"{g.up} {_('loaded')}", "$success") if entry.running else ""


def _newer(entry: ModelLine) -> Part:
    return (f"{g.newer} {_('update')}", "$warning") if entry.newer else ""


def _memory(entry: ModelLine) -> Part:
    """Loading, or how much of it is on the GPU and how long it stays."""
    running = entry.running
    if running is None or entry.loading or entry.pulling is not None:
        return _coming(entry)
    if not running.size:  # a server that tells no more than that
        return _loaded(entry)
    left = running.stays(entry.now)
    on_gpu = percent(1 - running.cpu_share)
    stays = clock(left.total_seconds()) if left is not None else _("stays")
    style = "$warning" if running.cpu_share else "$success"
    return (f"{g.up} {on_gpu:>5} {_('VRAM')} {stays:>7}", style)


def _can(entry: ModelLine) -> Part:
    return _quiet(" ".join(each for each in entry.can if each not in ("completion", "insert")))


def _modified(entry: ModelLine) -> Part:
    moment = entry.model.modified_at
    return (ago(moment, entry.now), "$muted") if moment else ""


def _quiet(text: str) -> Part:
    return (one_line(text), "$muted")


ROOMY = 112
"""The width from which memory and updates have columns of their own."""
FIELDS = (
    Field(Column(_("size"), 8, "right"), 0, lambda entry: size_of(entry.model.size)),
    Field(
        Column(_("params"), 6, "right"),
        50,
        lambda entry: one_line(parameters(entry.model.details.parameter_size)),
    ),
    Field(Column(_("quant"), 7), 50, lambda entry: _quiet(entry.model.details.quantization_level)),
    Field(Column(_("family"), 10), 95, lambda entry: _quiet(entry.model.details.family)),
    Field(Column(_("context"), 7, "right"), 104, lambda entry: _quiet(context_of(entry.context))),
    Field(Column(_("can"), 15), 145, _can),
    Field(Column(_("modified"), 9), 70, _modified),
    Field(Column("", 8), 60, _state, ROOMY),
    Field(Column(_("memory"), 20), ROOMY, _memory),
    Field(Column("", 8), ROOMY, _newer),
)
"""What stands right of the name."""
_SPARE = (_("modified"), _("family"), _("can"), _("quant"), _("params"), _("context"))


def size_of(count: int) -> str:
    """The bytes of a model; nothing where nobody tells."""
    return size(count) if count else ""


def context_of(count: int) -> str:
    """A context window, short: 40k."""
    return f"{count // _KILO}k" if count >= _KILO else str(count or "")


class Shape(NamedTuple):
    """What the table needs room for."""

    longest: int = 0
    """The cells of the longest name."""
    fields: tuple[Field, ...] = FIELDS


def shape_of(entries: Sequence[ModelLine]) -> Shape:
    """The shape of a table of these; what servers without sizes tell nothing of has no column."""
    longest = max((cell_len(one_line(entry.model.name)) for entry in entries), default=0)
    if not entries or any(entry.model.size for entry in entries):
        return Shape(longest)
    told = [
        field._replace(least=0, most=10_000)
        for field in FIELDS
        if field.column.title != _("memory") and any(_plain(field, entry) for entry in entries)
    ]
    return Shape(longest, tuple(told))


def _plain(field: Field, entry: ModelLine) -> str:
    return line(field.say(entry)).plain.strip()


def _fitting(fields: list[Field], room: int) -> list[Field]:
    """Those that leave room for the longest name; what tells least goes first."""
    for title in _SPARE:
        if sum(field.column.width + _GAP for field in fields) + 4 <= room:
            break
        fields = [field for field in fields if field.column.title != title]
    return fields


def _layout(width: int, shape: Shape) -> tuple[Column, list[Field]]:
    """The name's column, which takes what the others leave, and those there is room for."""
    fields = [field for field in shape.fields if field.least <= width < field.most]
    if shape.fields is not FIELDS:
        fields = _fitting(fields, width - shape.longest)
    room = width - 2 - sum(field.column.width + _GAP for field in fields)
    return Column(_("  name"), max(min(room, max(_NAME, shape.longest + 2)), 8)), fields


class ModelTable(Rows):
    """One row a model; the heading above it is a zone of its own."""

    BINDINGS = [
        Binding("enter", "choose", _("chat"), id="models.chat", tooltip=_("Chat with this model")),
    ]

    def show_models(self, entries: Sequence[ModelLine], empty: str) -> None:
        """Show these models, in this order."""
        shape = shape_of(entries)
        self.show(
            (Row(entry.model.name, partial(_row, entry, shape)) for entry in entries),
            empty=empty,
        )


class ModelHeading(Zone):
    """The titles of the columns, where they do not scroll away."""

    shape: reactive[Shape] = reactive(Shape())

    def draw(self, width: int, height: int) -> Lines:
        name, fields = _layout(width, self.shape)
        return [line(" ", heading([name, *(field.column for field in fields)]))]


def _row(entry: ModelLine, shape: Shape, width: int, here: bool) -> Lines:
    column, fields = _layout(width, shape)
    mark = g.done if entry.marked else g.here if here else " "
    name = name_of(entry.model.name, column.width - 2, here=here, hits=entry.hits)
    title = line((f"{mark} ", "$accent"), name)
    columns = [column, *(field.column for field in fields)]
    row = line(" ", cells(columns, [title, *(field.say(entry) for field in fields)]))
    return [picked(row, width) if here else row]
