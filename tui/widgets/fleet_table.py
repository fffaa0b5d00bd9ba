"""Models of all hosts: a row for each, a column for every host that there is room for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import msgspec
from rich.cells import cell_len
from textual.binding import Binding
from textual.content import Content
from textual.events import Click, Resize
from textual.message import Message

from tui.domain.fleet import FleetModel, folded
from tui.domain.language import _
from tui.domain.status import HostStatus
from tui.widgets.fleet_cells import cell
from tui.widgets.fleet_columns import MARK, Columns, columns
from tui.widgets.glyphs import g
from tui.widgets.lines import Lines, fit, line, muted, picked, spread
from tui.widgets.model_table import name_of
from tui.widgets.plain import one_line
from tui.widgets.rows import Row, Rows

_WHERE, _SHORT = 20, 10
"""Cells of where a model is, in a narrow window, and of how it is there."""


Best = Callable[[FleetModel], str]
"""The host that a model is best asked on; empty where none can be."""


class FleetLine(msgspec.Struct, frozen=True):
    """What one row says."""

    model: FleetModel
    marked: frozenset[str] = frozenset()
    """Hosts on which it is marked."""
    hits: tuple[int, ...] = ()
    """Letters of the name that the filter found."""

    @property
    def others(self) -> frozenset[str]:
        """Hosts that have another version than most."""
        return self.model.others


class Sight(msgspec.Struct, frozen=True):
    """The hosts, which of them are in sight, and which one the cursor is on."""

    columns: Columns
    hosts: Sequence[HostStatus] = ()
    chosen: str = ""
    best: Best = lambda _model: ""


class FleetTable(Rows):
    """Its cursor is on a model, and on one host or, left of all, on whichever is best."""

    BINDINGS = [
        Binding("enter", "choose", _("chat"), tooltip=_("chat with it there"), id="fleet.chat"),
        Binding("left", "column(-1)", _("host before"), show=False, id="fleet.left"),
        Binding("right", "column(1)", _("next host"), show=False, id="fleet.right"),
    ]

    @dataclass
    class Turned(Message):
        """The cursor came to another host, or other hosts into sight."""

        table: "FleetTable"

        @property
        def control(self) -> "FleetTable":
            return self.table

    def __init__(self, best: Best) -> None:
        super().__init__()
        self._best = best
        self._hosts: Sequence[HostStatus] = ()
        self._entries: Sequence[FleetLine] = ()
        self._host = ""
        self._first = 0
        self._longest = 0

    @property
    def host(self) -> str:
        """The host under the cursor; empty for whichever is best."""
        return self._host if any(each.name == self._host for each in self._hosts) else ""

    @property
    def sight(self) -> Sight:
        """What is in sight."""
        names = [each.name for each in self._hosts]
        chosen = names.index(self.host) if self.host else -1
        room = self.size.width - 2  # one column of air at both sides
        found = columns(room, self._longest, (len(names), chosen), self._first)
        self._first = found.first
        return Sight(found, self._hosts, self.host, self._best)

    def show_fleet(
        self, hosts: Sequence[HostStatus], lines: Sequence[FleetLine], empty: str
    ) -> None:
        """Show these models on these hosts."""
        self._hosts, self._entries = hosts, lines
        self._longest = max((cell_len(one_line(each.model.name)) for each in lines), default=0)
        self._show(empty)

    def turn_to(self, host: str) -> None:
        """Put the cursor on a host."""
        self._host = host
        self._show()
        self.post_message(self.Turned(self))

    def action_column(self, by: int) -> None:
        """Go to the next host, or back; left of the first is whichever is best."""
        names = ["", *(each.name for each in self._hosts)]
        place = names.index(self.host) + by
        if 0 <= place < len(names):
            self.turn_to(names[place])

    def on_click(self, event: Click) -> None:
        """Go to the cell; only a click on the one under the cursor opens it."""
        number = event.y + self.scroll_offset.y
        place = self.sight.columns.place_at(event.x - 1)
        host = self._hosts[place].name if place is not None else ""
        if number < self.virtual_size.height and host != self.host:
            event.prevent_default()
            self._go(self._row_at(number))
            self.turn_to(host)

    def _show(self, empty: str | None = None) -> None:
        sight = self.sight
        rows = (Row(key_of(each), partial(_draw, sight, each)) for each in self._entries)
        self.show(rows, empty=empty)

    def on_resize(self, event: Resize) -> None:
        self._show()
        self.post_message(self.Turned(self))


def key_of(entry: FleetLine) -> str:
    """The key of a model's row."""
    return folded(entry.model.name)


def _draw(sight: Sight, entry: FleetLine, width: int, here: bool) -> Lines:
    place = sight.columns
    mark = (f"{g.here} " if here else " " * MARK, "$accent")
    room = place.name - MARK if place.cell else max(width - _WHERE, _WHERE)
    name = line(" ", mark, name_of(entry.model.name, room, here=here, hits=entry.hits))
    if place.cell:
        cells = [_cell(sight, entry, at, here=here) for at in place.hosts]
        row = line(fit(name, place.name + 1), *cells)
    else:
        row = spread(name, line(_where(sight, entry), " "), width)
    return [picked(row, width) if here else fit(row, width)]


def _cell(sight: Sight, entry: FleetLine, at: int, *, here: bool) -> Content:
    status, width = sight.hosts[at], sight.columns.cell
    is_here = here and status.name == sight.chosen
    is_marked = status.name in entry.marked
    mark = g.done if is_marked else g.here if is_here else " "
    other = status.name in entry.others
    said = line(cell(entry.model, status, width - MARK, other=other))
    said = said.stylize("bold") if is_here else said
    return line(fit(line((f"{mark} ", "$accent"), said), width), " ")


def _where(sight: Sight, entry: FleetLine) -> Content:
    """In a narrow window: how it is on the host under the cursor, else where it is best."""
    shown = {each.name: each for each in sight.hosts}
    name = sight.chosen or sight.best(entry.model) or next(iter(entry.model.coming), "")
    if name not in shown:
        return muted(_("down") if entry.model.held else "")
    said, style = cell(entry.model, shown[name], _SHORT, other=name in entry.others)
    mark = (f"{g.done} ", "$accent") if name in entry.marked else ""
    if sight.chosen:
        return line(mark, (said, style))
    more = len({*entry.model.held, *entry.model.running} - {name})
    host = line((one_line(shown[name].shown), "$foreground" if style else "$muted"))
    sign = said if name in entry.model.coming else said[:1] if name in entry.model.running else ""
    end = f" +{more}" if more else ""
    return line(mark, (sign, style), " ", host, (f"{end:<3}", "$muted"))
