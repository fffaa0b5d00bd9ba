"""What is said below the fleet's table of the model and the host under the cursor."""

from collections.abc import Sequence

from tui.domain import clock
from tui.domain.fleet import FleetModel
from tui.domain.language import _
from tui.domain.status import HostStatus
from tui.screens.hosts.fleet_values import Overview, names
from tui.widgets.fleet_cells import cell_words, version_words
from tui.widgets.lines import Part, dots
from tui.widgets.plain import one_line

Said = tuple[Part, Part, Part]


def note(overview: Overview, model: FleetModel, chosen: str) -> Said:
    """Who it is about, how it is there, where else it is; without `chosen`, on the best host."""
    host = chosen or overview.best(model)
    if not host:
        return _nowhere(overview, model)
    status = overview.status(host)
    words = dots(cell_words(model, status, clock.now()), version_words(model, host))
    text = _("{model} on {host}") if chosen else _("{model}, best on {host}")
    title = text.format(model=one_line(model.name), host=one_line(status.shown))
    style = "$error" if status.state == "down" else "$foreground"
    elsewhere = _elsewhere(overview, model, host)
    return (title, "bold $strong"), (words, style), (elsewhere, "$muted")


def _nowhere(overview: Overview, model: FleetModel) -> Said:
    """No host that is up has it: why not."""
    words, style = _("no host that has it is up"), "$warning"
    if model.coming and not model.held:
        coming = overview.status(next(iter(model.coming)))
        words = f"{coming.shown}: {cell_words(model, coming, clock.now())}"
        style = "$accent"
    elsewhere = _elsewhere(overview, model, "")
    return (one_line(model.name), "bold $strong"), (words, style), (elsewhere, "$muted")


def _elsewhere(overview: Overview, model: FleetModel, host: str) -> str:
    loaded = [each for each in model.running if each != host]
    held = [each for each in model.held if each not in (*loaded, host)]
    missing = [each.name for each in overview.hosts if _lacks(model, each) and each.name != host]
    return dots(
        _said(_("loaded on {hosts}"), overview, loaded),
        _said(_("on the disk of {hosts}"), overview, held),
        _said(_("not on {hosts}"), overview, missing),
    )


def _said(text: str, overview: Overview, hosts: Sequence[str]) -> str:
    return text.format(hosts=names(overview.hosts, hosts)) if hosts else ""


def _lacks(model: FleetModel, status: HostStatus) -> bool:
    known = status.state == "up" and status.models is not None
    return known and status.name not in (*model.held, *model.coming)
