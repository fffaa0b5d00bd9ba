"""All hosts at a glance: which has which model, how, and where it is best asked."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache

import msgspec

from tui.domain.models import LocalModel, RunningModel
from tui.domain.names import BadModelName, ModelName
from tui.domain.pulls import ENDED, Pull
from tui.domain.status import HostStatus

_BEGINNING = datetime(1, 1, 1, tzinfo=UTC)
_UNKNOWN = -1
"""Free memory that nobody tells counts less than none."""


class FleetModel(msgspec.Struct):
    """A model by its name, and how each host stands to it; all keys are names of hosts."""

    name: str
    """As the first host that has it writes it."""
    held: dict[str, LocalModel] = {}
    running: dict[str, RunningModel] = {}
    coming: dict[str, Pull] = {}
    """Pulls that have not come to a good end."""

    @property
    def size(self) -> int:
        """Bytes on disk; the most, where hosts have different versions."""
        return max((each.size for each in self.held.values()), default=0)

    @property
    def others(self) -> frozenset[str]:
        """Hosts whose version is not the one that most have, or of two as common the newest."""
        if len({each.digest for each in self.held.values() if each.digest}) <= 1:
            return frozenset()
        digests = {host: each.digest for host, each in self.held.items() if each.digest}
        counts = Counter(digests.values())
        dates: dict[str, datetime] = {}
        for host, digest in digests.items():
            dates[digest] = max(dates.get(digest, _BEGINNING), _date(self.held[host]))
        usual = max(counts, key=lambda digest: (counts[digest], dates[digest], digest))
        return frozenset(host for host, digest in digests.items() if digest != usual)


def fleet(hosts: Sequence[HostStatus], pulls: Iterable[Pull] = ()) -> list[FleetModel]:
    """Every model that any of the hosts has, runs or gets, in the order in which they are met."""
    found: dict[str, FleetModel] = {}

    def of(name: str) -> FleetModel:
        key = folded(name)
        if (model := found.get(key)) is None:
            model = found[key] = FleetModel(name)
        return model

    for at, held in ((host, model) for host in hosts for model in host.models or ()):
        of(held.name).held[at.name] = held
    for at, running in ((host, model) for host in hosts for model in host.running):
        of(running.name).running[at.name] = running
    for pull in _coming(hosts, pulls):
        of(pull.name).coming[pull.host] = pull
    return [*found.values()]


def _coming(hosts: Iterable[HostStatus], pulls: Iterable[Pull]) -> Iterable[Pull]:
    names = {host.name for host in hosts}
    pending = (pull for pull in pulls if pull.kind == "pull" and pull.state != "done")
    return (pull for pull in pending if pull.host in names)


@lru_cache(maxsize=4096)
def folded(name: str) -> str:
    """The form of a model's name to compare by, which costs too much to be made anew each time."""
    try:
        return ModelName.parse(name).folded.short
    except BadModelName:
        return name


def free_vram(status: HostStatus, total: int) -> int | None:
    """Bytes of GPU memory that are free, of `total`; None where nobody can tell.

    Where the GPUs themselves are asked it is what they say: other programs take memory, too.
    """
    told = [gpu for gpu in status.gpus if gpu.total]
    if told:
        return sum(max(gpu.total - gpu.used, 0) for gpu in told)
    return max(total - status.vram, 0) if total else None


def takes_pulls(status: HostStatus) -> bool:
    """Whether a model can be pulled to a host now."""
    return status.state == "up" and not status.is_fixed


def lacking(model: FleetModel, hosts: Iterable[HostStatus]) -> list[str]:
    """Hosts that are up and could pull a model that they neither have nor get."""
    return [
        each.name
        for each in hosts
        if takes_pulls(each) and each.name not in model.held and not is_coming(model, each.name)
    ]


def is_coming(model: FleetModel, host: str) -> bool:
    """Whether a model is on its way to a host, or waits for that."""
    pull = model.coming.get(host)
    return pull is not None and pull.state not in ENDED


def best(model: FleetModel, hosts: Sequence[HostStatus], free: Callable[[str], int | None]) -> str:
    """The host that answers soonest; empty where none that is up has the model.

    Loaded on a GPU comes first, the larger part of it the better; then loaded on a host that
    does not tell where; then on disk, or in memory of the CPU, with the most memory free. Between
    equals the one that answers fastest counts.
    """

    def rank(host: HostStatus) -> tuple[int, float, int, bool, float]:
        running, room = model.running.get(host.name), free(host.name)
        share = 1 - running.cpu_share if running and running.size else 0.0
        untold = running is not None and not running.size
        kind = 0 if share > 0 else 1 if untold else 2
        return kind, -share, -(_UNKNOWN if room is None else room), not running, host.latency

    has = (each for each in hosts if each.name in model.held or each.name in model.running)
    return min((each for each in has if each.state == "up"), key=rank, default=_NOBODY).name


_NOBODY = HostStatus(name="")


def _date(model: LocalModel) -> datetime:
    return model.modified_at or _BEGINNING
