"""How each host is, above its column of the fleet's table; and what is under the cursor, below."""

from collections.abc import Callable, Sequence

import msgspec
from textual.content import Content
from textual.reactive import reactive

from tui.domain.language import _, many
from tui.domain.status import HostStatus
from tui.domain.units import progress, size
from tui.widgets.fleet_columns import MARK, Columns
from tui.widgets.fleet_table import Sight
from tui.widgets.glyphs import g
from tui.widgets.lines import Lines, Part, dots, fit, line, muted, spread
from tui.widgets.plain import one_line
from tui.widgets.zone import Zone

_LOW = 20
"""Rows of the window from which more stands above a host than how it is."""


class HostHead(msgspec.Struct, frozen=True):
    """What stands above one column."""

    status: HostStatus
    in_use: bool = False
    total: int = 0
    """Bytes of its GPUs' memory; 0 where nobody knows."""
    free: int | None = None
    """Bytes of them; None where nobody knows."""
    answers: int = 0
    """Answers of this program that come from there."""
    queued: int = 0
    """Those that wait for another."""
    downloads: int = 0
    waiting: int = 0
    """Downloads that wait for others."""


class FleetHead(msgspec.Struct, frozen=True):
    """All that stands above the table."""

    heads: Sequence[HostHead] = ()
    sight: Sight = Sight(Columns(0, 0))


class FleetHeading(Zone):
    """A few lines above the columns; in a narrow window one of the host under the cursor."""

    value: reactive[FleetHead] = reactive(FleetHead(), repaint=False)

    def watch_value(self, old: FleetHead, new: FleetHead) -> None:
        width = self.size.width
        if len(self._lines(old, width)) != len(self._lines(new, width)):
            self.refresh(layout=True)
        else:
            self.redraw()

    def draw(self, width: int, height: int) -> Lines:
        return self._lines(self.value, width)

    def _lines(self, value: FleetHead, width: int) -> Lines:
        if not value.heads:
            return []
        if not value.sight.columns.cell:
            return [_narrow(value, width)]
        shown = [value.heads[at] for at in value.sight.columns.hosts]
        told = [each for each in _LINES if each.is_told(value.heads, self.app.size.height)]
        columns = [_column(each, value.sight, told) for each in shown]
        labels = [_place(value), *(muted(each.label) for each in told)]
        name = value.sight.columns.name + 1
        rows = [
            line(fit(line(" " * (MARK + 1), label), name), *(column[at] for column in columns))
            for at, label in enumerate(labels)
        ]
        return [*rows, line((g.rule * width, "$rule"))]


class _Line(msgspec.Struct, frozen=True):
    """One of the lines: what it is about, what it says of a host."""

    label: str
    say: Callable[[HostHead], Part]
    is_told: Callable[[Sequence[HostHead], int], bool]


def _column(head: HostHead, sight: Sight, told: Sequence[_Line]) -> list[Content]:
    width = sight.columns.cell
    is_here = head.status.name == sight.chosen
    mark = f"{g.here} " if is_here else " " * MARK
    style = "bold $accent" if is_here else "bold $strong"
    rows: list[Content] = [line((mark, "$accent"), (one_line(head.status.shown), style))]
    rows += [line(" " * MARK, each.say(head)) for each in told]
    return [line(fit(each, width), " ") for each in rows]


def _place(value: FleetHead) -> Content:
    """Which hosts are in sight, where that is not all."""
    columns, count = value.sight.columns, len(value.heads)
    if columns.count == count:
        text = many("{n} host", "{n} hosts", count).format(n=count)
        return muted(text)
    first, last = columns.first + 1, columns.first + columns.count
    return muted(_("hosts {first}-{last} of {n}").format(first=first, last=last, n=count))


def _narrow(value: FleetHead, width: int) -> Content:
    """The host under the cursor in one line, or how many there are."""
    names = [each.status.name for each in value.heads]
    if value.sight.chosen not in names:
        up = sum(each.status.state == "up" for each in value.heads)
        text = many("{up} of {n} host is up", "{up} of {n} hosts are up", len(names))
        said = text.format(up=up, n=len(names))
        return spread(line("   ", muted(said)), muted(f"{g.left} {g.right} "), width)
    at = names.index(value.sight.chosen)
    head = value.heads[at]
    left = line("   ", (one_line(head.status.shown), "bold $accent"), "  ", _state(head))
    free = size(head.free) if head.free is not None else ""
    right = _("{size} free").format(size=free) if free else ""
    return spread(left, muted(f"{dots(right, f'{at + 1}/{len(names)}')} "), width)


def _state(head: HostHead) -> Content:
    status = head.status
    if status.state == "up":
        word, style = (_("in use"), "$accent") if head.in_use else (_("up"), "$foreground")
        speed = f" {max(status.latency * 1000, 1):.0f} ms" if status.latency else ""
        return line((f"{g.up} ", "$success"), (word, style), (speed, "$muted"))
    if _is_lost(head):
        return line((f"{g.down} {_('down')}", "$error"))
    return muted(_("off") if status.state == "down" else _("connecting"))


def _is_lost(head: HostHead) -> bool:
    """Whether it is down, rather than switched off."""
    return head.status.state == "down" and bool(head.status.address)


def _why(head: HostHead) -> Part:
    return (one_line(head.status.error) if _is_lost(head) else "", "$muted")


def _free(head: HostHead) -> Part:
    if head.status.state != "up":
        return ""
    return progress(head.free, head.total) if head.free is not None else (_("unknown"), "$muted")


def _loaded(head: HostHead) -> Part:
    running = head.status.running
    if head.status.state != "up" or not running:
        return ""
    taken = sum(each.size_vram or each.size for each in running)
    return dots(str(len(running)), size(taken) if taken else "")


def _answers(head: HostHead) -> Part:
    said = dots(
        str(head.answers) if head.answers else "",
        _("{n} queued").format(n=head.queued) if head.queued else "",
    )
    return (said, "$accent")


def _downloads(head: HostHead) -> Part:
    said = dots(
        f"{g.active} {head.downloads}" if head.downloads else "",
        _("{n} queued").format(n=head.waiting) if head.waiting else "",
    )
    return (said, "$accent" if head.downloads else "$muted")


def _always(_heads: Sequence[HostHead], _height: int) -> bool:
    return True


def _with_room(_heads: Sequence[HostHead], height: int) -> bool:
    return height >= _LOW


_LINES = (
    _Line(_("state"), _state, _always),
    _Line(_("why down"), _why, lambda heads, _h: any(map(_is_lost, heads))),
    _Line(_("free VRAM"), _free, _always),
    _Line(_("loaded"), _loaded, _with_room),
    _Line(_("answers"), _answers, lambda heads, _h: any(e.answers or e.queued for e in heads)),
    _Line(
        _("downloads"), _downloads, lambda heads, _h: any(e.downloads or e.waiting for e in heads)
    ),
)


class FleetNote(Zone):
    """What is known of the model and the host under the cursor: who, how, and where else."""

    said: reactive[tuple[Part, Part, Part]] = reactive[tuple[Part, Part, Part]](
        ("", "", ""), repaint=False
    )

    def watch_said(self) -> None:
        self.redraw()

    def draw(self, width: int, height: int) -> Lines:
        who, how, where = (line(each) for each in self.said)
        both = line(who, "  ", how)
        rows = [both, where] if both.cell_length + MARK + 2 <= width else [who, how, where]
        return [fit(line(" " * (MARK + 1), each), max(width - 1, 0)) for each in rows]
