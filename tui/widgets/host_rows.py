"""Servers, and the models that each holds in memory."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial

import msgspec
from textual.binding import Binding
from textual.content import Content

from tui.domain.language import _, many
from tui.domain.status import HostStatus
from tui.domain.units import lasting, size
from tui.widgets.glyphs import g
from tui.widgets.lines import (
    NARROW,
    Lines,
    Part,
    fit,
    indent,
    line,
    muted,
    picked,
    spread,
    strong,
)
from tui.widgets.loaded_rows import INDENT, gpu_line, loaded_lines, loaded_of, memory_line
from tui.widgets.plain import one_line, visible
from tui.widgets.rows import Row, Rows
from tui.widgets.wrap import wrap

_NAME = 24
_BETWEEN = "\n"


class HostLine(msgspec.Struct, frozen=True):
    """What the rows of one server say."""

    status: HostStatus
    now: datetime
    """The moment that countdowns count to."""
    in_use: bool = False
    vram_total: int = 0
    """Bytes of its GPUs' memory; 0 where nobody knows."""
    at_start: bool = False
    """Whether the next start of the program begins with it."""
    airy: bool = True
    """Whether there is room for empty lines."""

    @property
    def is_off(self) -> bool:
        """Whether it was never asked for, rather than gone."""
        return self.status.state == "down" and not self.status.address


def model_key(host: str, model: str) -> str:
    """The key of the row of a loaded model."""
    return f"{host}{_BETWEEN}{model}"


def parted(key: str) -> tuple[str, str]:
    """The host of a row, and the model if it is the row of one."""
    host, _between, model = key.partition(_BETWEEN)
    return host, model


class HostRows(Rows):
    """A row for every server, below it one for every loaded model."""

    BINDINGS = [Binding("enter", "choose", _("use"), id="hosts.use")]

    def show_hosts(self, entries: Sequence[HostLine], cursor_key: str | None = None) -> None:
        """Show these servers."""
        self.show((row for entry in entries for row in _rows(entry)), cursor_key)


def _rows(entry: HostLine) -> Iterable[Row]:
    status = entry.status
    yield Row(status.name, partial(_host, entry), height=0)
    for each in loaded_of(status.running, entry.now, entry.vram_total):
        yield Row(model_key(status.name, each.model.name), partial(loaded_lines, each))
    yield Row(f"{status.name}{_BETWEEN}", partial(_gap, entry), height=0, selectable=False)


def _gap(entry: HostLine, _width: int, _here: bool) -> Lines:
    return [line()] * (2 if entry.airy else 1)


def _host(entry: HostLine, width: int, here: bool) -> Lines:
    title = _narrow(entry, width, here=here) if width < NARROW else _title(entry, here=here)
    rows = [picked(title, width) if here else title, line(" " * INDENT, _way(entry))]
    if trouble := _trouble(entry):
        rows += indent(wrap(line(trouble), max(width - INDENT - 1, 10)), INDENT)
    below = [gpu_line(each, width) for each in entry.status.gpus]
    if any(model.size for model in entry.status.running) and width >= NARROW:
        below.append(memory_line(entry.status.running, width, entry.vram_total))
    return [*rows, *([line()] if below and entry.airy else []), *below]


def _narrow(entry: HostLine, width: int, *, here: bool) -> Content:
    return spread(line(*_head(entry, here=here)), line(_state(entry), " "), width)


def _title(entry: HostLine, *, here: bool) -> Content:
    status = entry.status
    *marks, name = _head(entry, here=here)
    return line(
        *marks,
        fit(line(name), _NAME),
        fit(_state(entry), 10),
        fit(line(one_line(status.number)), 9, "right"),
        fit(line(_latency(status)), 8, "right"),
        "   ",
        muted(_library(entry)),
    )


def _head(entry: HostLine, *, here: bool) -> list[Part]:
    up = entry.status.state == "up"
    style = "$success" if up else "$error" if _is_down(entry) else "$muted"
    return [
        (f" {g.here} " if here else "   ", "$accent"),
        (f"{g.up if up else g.down} ", style),
        strong(one_line(entry.status.shown)),
    ]


def _is_down(entry: HostLine) -> bool:
    return entry.status.state == "down" and not entry.is_off


def _state(entry: HostLine) -> Content:
    if entry.is_off:
        return muted(_("off"))
    if entry.status.state == "up":
        word = (_("in use"), "$accent") if entry.in_use else (_("up"), "$foreground")
        return line(word)
    down = entry.status.state == "down"
    return line((_("down"), "$error") if down else (_("connecting"), "$muted"))


def _latency(status: HostStatus) -> str:
    if status.state != "up" or not status.latency:
        return ""
    return f"{max(status.latency * 1000, 1):.0f} ms"


def _library(entry: HostLine) -> str:
    status = entry.status
    if status.state != "up":
        since = status.since if _is_down(entry) else None
        return _("since {time}").format(time=f"{since.astimezone():%H:%M}") if since else ""
    if status.models is None:
        return _("asking...")
    count, amount = len(status.models), sum(model.size for model in status.models)
    if not amount and count:  # nobody tells how large they are
        return many("{n} model", "{n} models", count).format(n=count)
    text = many("{n} model, {size}", "{n} models, {size}", count)
    return text.format(n=count, size=size(amount))


def _way(entry: HostLine) -> Content:
    status = entry.status
    if not status.address:
        return muted(_("the engine of this program"))
    way = _tunnel(entry) or (_("this machine") if status.is_local else _("direct"))
    if entry.in_use and status.state != "up":
        way = _("in use, {way}").format(way=way)
    bad = _is_down(entry) and status.tunnel != "up"
    warning = _(", unverified") if status.unverified else ""
    return line(
        (way, "$error" if bad else "$muted"),
        (warning, "$warning"),
        (f"   {status.address}", "$muted"),
        (f"   {one_line(status.make)}" if status.state == "up" and status.make else "", "$muted"),
        (f"   {_('at start')}" if entry.at_start else "", "$muted"),
    )


def _tunnel(entry: HostLine) -> str:
    """How the tunnel is, if the host needs one."""
    match entry.status.tunnel:
        case "up":
            since = entry.status.tunnel_since or entry.now
            span = lasting((entry.now - since).total_seconds())
            return _("tunnel up for {span}").format(span=span) if span else _("tunnel up")
        case "opening":
            return _("tunnel opening")
        case "down":
            return _("tunnel down")
    return ""


def _trouble(entry: HostLine) -> str:
    status = entry.status
    if status.state != "down":
        return ""
    error = visible(status.error)
    if status.next_try is None:
        return error
    wait = max(int((status.next_try - entry.now).total_seconds()), 0)
    gap = "\n" if "\n" in error else " "  # commands stand on lines of their own
    return f"{error}{gap}" + _("Next try in {n} s; r tries now.").format(n=wait)
