"""Which other hosts have a model, in words."""

from collections.abc import Iterable

from tui.domain.fleet import folded
from tui.domain.language import _
from tui.domain.models import LocalModel
from tui.domain.status import HostStatus


def elsewhere(model: LocalModel, here: HostStatus, hosts: Iterable[HostStatus]) -> str:
    """Hosts that are up and have it, with those first that have it loaded."""
    found = [
        said
        for each in hosts
        if each.name != here.name and each.state == "up" and (said := _there(model, each))
    ]
    return ", ".join(said for _rank, said in sorted(found))


def _there(model: LocalModel, status: HostStatus) -> tuple[int, str] | None:
    key = folded(model.name)
    held = next((each for each in status.models or () if folded(each.name) == key), None)
    if any(folded(each.name) == key for each in status.running):
        return 0, _("{host} (loaded)").format(host=status.shown)
    if held is None:
        return None
    if held.digest and model.digest and held.digest != model.digest:
        return 2, _("{host} (another version)").format(host=status.shown)
    return 1, status.shown
