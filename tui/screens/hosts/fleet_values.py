"""What the fleet's page shows, from what the worker knows."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from tui.domain.fleet import FleetModel, best, fleet, free_vram, is_coming
from tui.domain.fuzzy import fuzzy
from tui.domain.language import _
from tui.domain.pulls import ACTIVE
from tui.domain.status import HostStatus
from tui.widgets.fleet_heading import HostHead
from tui.widgets.fleet_table import FleetLine
from tui.widgets.tab_strip import Tab
from tui.worker.worker import Worker

ALL, LOADED, COMING, OTHERS = "all", "loaded", "coming", "others"
_KEPT: dict[str, Callable[[FleetModel], object]] = {
    ALL: lambda _model: True,
    LOADED: lambda model: model.running,
    COMING: lambda model: any(is_coming(model, host) for host in model.coming),
    OTHERS: lambda model: model.others,
}
FILTERS = [*_KEPT]
_TITLES = {ALL: _("All"), LOADED: _("Loaded"), COMING: _("Coming"), OTHERS: _("Versions differ")}


class Order(NamedTuple):
    """A way to sort; names decide between equals."""

    title: str
    rank: Callable[[FleetModel], float]


ORDERS = (
    Order(_("loaded first"), lambda model: -len(model.running)),
    Order(_("by name"), lambda _model: 0),
    Order(_("by size"), lambda model: -model.size),
    Order(_("on most hosts first"), lambda model: -len(model.held)),
)


class Overview:
    """Every host that is anywhere, and every model, as they are at one moment."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self.hosts: list[HostStatus] = []
        self.models: list[FleetModel] = []
        self._free: dict[str, int | None] = {}

    def look(self) -> None:
        """Take in what is known now."""
        known = self._worker.hosts.all()
        self.hosts = [each for each in known if each.address or each.state == "up"]
        self.models = fleet(self.hosts, self._worker.pulls.all())
        memory = self._worker.memory
        self._free = {each.name: free_vram(each, memory.vram(each.name)) for each in self.hosts}

    def status(self, name: str) -> HostStatus:
        """How a host is."""
        return next(each for each in self.hosts if each.name == name)

    def best(self, model: FleetModel) -> str:
        """The host that a model is best asked on."""
        return best(model, self.hosts, self._free.get)

    def heads(self) -> list[HostHead]:
        """What stands above each column."""
        answers, queued = Counter[str](), Counter[str]()
        for reply in self._worker.replies.all():
            (queued if reply.phase == "queued" else answers)[reply.message.host] += 1
        running, waiting = Counter[str](), Counter[str]()
        for pull in self._worker.pulls.all():
            running[pull.host] += pull.state in ACTIVE
            waiting[pull.host] += pull.state == "queued"
        return [
            HostHead(
                each,
                in_use=each.name == self._worker.hosts.current,
                total=self._total(each),
                free=self._free[each.name],
                answers=answers[each.name],
                queued=queued[each.name],
                downloads=running[each.name],
                waiting=waiting[each.name],
            )
            for each in self.hosts
        ]

    def _total(self, status: HostStatus) -> int:
        """What `free` is a part of."""
        return sum(gpu.total for gpu in status.gpus) or self._worker.memory.vram(status.name)

    def tabs(self) -> tuple[Tab, ...]:
        """The filters, with how many models each lets through."""
        counts = {
            key: sum(bool(keeps(each)) for each in self.models) for key, keeps in _KEPT.items()
        }
        return tuple(Tab(key, _TITLES[key], str(count)) for key, count in counts.items())

    def lines(
        self, wanted: str, query: str, order: Order, marked: Iterable[tuple[str, str]]
    ) -> list[FleetLine]:
        """The rows that a filter and a query leave; `marked` are models with their hosts."""
        found = [
            FleetLine(model, hits=match.positions)
            for model in self.models
            if _KEPT[wanted](model) and (match := fuzzy(query, model.name))
        ]
        found.sort(key=lambda each: (order.rank(each.model), _by_name(each.model.name)))
        by_model: dict[str, set[str]] = {}
        for name, host in marked:
            by_model.setdefault(name, set()).add(host)
        return [_marked(each, by_model) for each in found] if by_model else found


def _marked(entry: FleetLine, marked: dict[str, set[str]]) -> FleetLine:
    hosts = marked.get(entry.model.name)
    return FleetLine(entry.model, frozenset(hosts), entry.hits) if hosts else entry


def _by_name(name: str) -> str:
    """A model's tags together, before the models whose names begin like its own."""
    return name.lower().replace(":", " ")


def names(hosts: Sequence[HostStatus], wanted: Sequence[str]) -> str:
    """Hosts as the user calls them, in a row."""
    return ", ".join(each.shown for each in hosts if each.name in wanted)
