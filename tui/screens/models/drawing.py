"""What the models screen says of a host's models."""

from collections.abc import Sequence

from textual.content import Content

from tui.domain import clock
from tui.domain.language import _
from tui.domain.pulls import ACTIVE, Pull
from tui.domain.status import HostStatus
from tui.domain.units import size
from tui.screens.models.library import FILTERS, LOADED, UPDATES, Library, total
from tui.screens.models.orders import ordered
from tui.widgets.lines import muted
from tui.widgets.model_table import ModelLine, size_of
from tui.widgets.tab_strip import Tab


def entries(status: HostStatus, library: Library, pulls: Sequence[Pull]) -> list[ModelLine]:
    """The rows of the table."""
    now = clock.now()
    running = {each.name: each for each in status.running}
    pulling = {
        pull.name: pull.fraction
        for pull in pulls
        if pull.state in ACTIVE and pull.host == status.name
    }
    lines = [
        ModelLine(
            model,
            now,
            running=running.get(model.name),
            loading=model.name in library.loading,
            pulling=pulling.get(model.name),
            marked=model.name in library.marked,
            newer=library.newer(model),
            context=library.context(status, model),
            can=tuple(library.can(status, model) or ()),
            hits=match.positions,
        )
        for model, match in library.shown(status)
    ]
    return ordered(lines, library.order, backwards=library.backwards)


def tabs(status: HostStatus, library: Library) -> tuple[Tab, ...]:
    """The filters with their counts, as far as the server told."""
    counts = library.counts(status)
    untold = bool(library.untold(status))
    return tuple(
        Tab(
            each.key,
            each.title,
            "" if status.models is None or (each.ability and untold) else str(counts[each.key]),
        )
        for each in FILTERS
    )


def summary(status: HostStatus, library: Library) -> Content:
    """The right end of the strip: how it is sorted and what it takes, or what is marked."""
    marked = [each for each in status.models or () if each.name in library.marked]
    if marked:
        return muted(_("{n} selected   {size}").format(n=len(marked), size=size(total(marked))))
    order = library.order.title
    order = _("{order}, backwards").format(order=order) if library.backwards else order
    facts = (library.chosen_family(status), order, size_of(total(status.models or ())))
    return muted("   ".join(filter(None, facts)))


def nothing(status: HostStatus, library: Library) -> str:
    """Why the table is empty."""
    if status.models is None:
        return status.error or _("asking...")
    if library.query.strip():
        return _('Nothing matches "{query}". esc clears.').format(query=library.query.strip())
    if library.filter == LOADED:
        return _("No model loaded; the next question loads one.")
    if library.filter == UPDATES and status.models:
        return _("No newer version is known. A asks the registries for all models now.")
    return _none(status)


def _none(status: HostStatus) -> str:
    """What to do where a host has no model, or none of a kind."""
    if status.is_fixed:
        text = _("{host} serves no such model now.")
    elif status.models:
        text = _("No model of this kind on {host}. p pulls one.")
    else:
        text = _(
            "No models on {host}. p pulls one; qwen3:0.6b is 523 MB and answers within seconds."
        )
    return text.format(host=status.shown)
