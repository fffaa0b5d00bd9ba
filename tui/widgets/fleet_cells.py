"""What is said of a model on a host: in a cell of the fleet's table, and in words below it."""

from datetime import datetime

from tui.domain.fleet import FleetModel
from tui.domain.language import _
from tui.domain.models import RunningModel
from tui.domain.pulls import ACTIVE, Pull
from tui.domain.status import HostStatus
from tui.domain.units import lasting, percent, progress, size
from tui.widgets.glyphs import g
from tui.widgets.lines import dots
from tui.widgets.model_table import context_of
from tui.widgets.plain import one_line
from tui.widgets.pull_words import look, share, word

_DIGEST = 12


def cell(model: FleetModel, status: HostStatus, width: int, *, other: bool) -> tuple[str, str]:
    """A few letters: in memory, on disk, on its way, not there, or not known."""
    name = status.name
    if pull := _shown_pull(model, name):
        return _coming(pull)
    is_up = status.state == "up"
    if running := model.running.get(name):
        return _loaded(running, width, other=other)
    if held := model.held.get(name):
        words = size(held.size) if held.size else _("there")
        mark = f"{g.differs} " if other else ""
        return (f"{mark}{words}", "$muted" if not is_up else "$warning" if other else "")
    return (g.queued if is_up and status.models is not None else "?", "$muted")


def _shown_pull(model: FleetModel, host: str) -> Pull | None:
    """A pull that says more than what is there already: one that runs, or the first."""
    pull = model.coming.get(host)
    is_there = host in model.held or host in model.running
    return pull if pull is None or pull.state in ACTIVE or not is_there else None


def _coming(pull: Pull) -> tuple[str, str]:
    mark, style = look(pull)
    return (f"{mark} {share(pull) if pull.state in ACTIVE else ''}{_pause(pull)}".rstrip(), style)


def _pause(pull: Pull) -> str:
    return "" if pull.state in ACTIVE and share(pull) else word(pull)


def _loaded(running: RunningModel, width: int, *, other: bool) -> tuple[str, str]:
    """What it takes, on the GPU and in all where that is not the same; its context, if there."""
    style = "$warning" if running.cpu_share else "$success"
    said = f"{g.up} {f'{g.differs} ' if other else ''}{_taken(running)}"
    context = context_of(running.context_length)
    fits = context and len(said) + len(context) + 1 <= width
    return (f"{said} {context}" if fits else said, style)


def _taken(running: RunningModel) -> str:
    if not running.size:
        return _("loaded")
    if running.cpu_share >= 1:
        return _("{size} CPU").format(size=size(running.size))
    if running.cpu_share:
        return progress(running.size_vram, running.size)
    return size(running.size)


def cell_words(model: FleetModel, status: HostStatus, now: datetime) -> str:
    """The same whole, but for what is also true of other hosts."""
    if pull := _shown_pull(model, status.name):
        return dots(word(pull), share(pull), one_line(pull.error))
    if status.state == "down" and status.address:
        return one_line(status.error) or _("down")
    if running := model.running.get(status.name):
        return _loaded_words(running, now)
    if held := model.held.get(status.name):
        where = _("served") if status.is_fixed else _("on disk")
        return dots(where, size(held.size) if held.size else "")
    return _("not there") if status.models is not None else _("asking...")


def _loaded_words(running: RunningModel, now: datetime) -> str:
    left, share = running.stays(now), running.cpu_share
    where = _("{share} on the CPU").format(share=percent(share)) if share else _("all on the GPU")
    span = lasting(left.total_seconds()) if left is not None else ""
    return dots(
        _("loaded"),
        size(running.size) if running.size else "",
        where if running.size else "",
        _("context {n}").format(n=f"{running.context_length:,}") if running.context_length else "",
        _("unloads in {time}").format(time=span) if span else "",
    )


def version_words(model: FleetModel, host: str) -> str:
    """Which version a host has, where that is not the one of most."""
    if host not in model.others:
        return ""
    digest = one_line(model.held[host].digest)[:_DIGEST]
    return _("{mark} another version, {digest}").format(mark=g.differs, digest=digest)
