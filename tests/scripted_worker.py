"""A worker without servers: holds what a test gives it and remembers what it was asked."""

from collections.abc import AsyncGenerator, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from tui.domain import clock
from tui.domain.disk import Disk
from tui.domain.fits import Need, need
from tui.domain.host_drafts import HostDraft
from tui.domain.hosts import HostAddress
from tui.domain.manifests import Manifest
from tui.domain.models import LocalModel, ModelCard
from tui.domain.names import ModelName
from tui.domain.plans import Plan
from tui.domain.pulls import Pull
from tui.domain.status import HostStatus, Trial
from tui.store.catalogue import Offer, offers
from tui.store.workspace import TableView
from tui.worker.attention import Attention
from tui.worker.events import ReplyState


@dataclass
class ScriptedConfigured:
    default: str = ""
    drafts: dict[str, HostDraft] = field(default_factory=dict)
    asked: list[tuple[object, ...]] = field(default_factory=list)

    def draft(self, name: str) -> HostDraft:
        return self.drafts.get(name) or HostDraft(name)

    def put_in_order(self, names: list[str]) -> None:
        self.asked.append(("order", *names))

    def make_default(self, name: str) -> None:
        self.default = name


@dataclass
class ScriptedHosts:
    current: str = "local"
    known: dict[str, HostStatus] = field(default_factory=dict)
    asked: list[tuple[str, ...]] = field(default_factory=list)
    attention: Attention = field(default_factory=lambda: Attention("local"))
    configured: ScriptedConfigured = field(default_factory=ScriptedConfigured)
    trial: Trial = field(default_factory=lambda: Trial(what="", result="up", outcome="good"))

    def names(self) -> list[str]:
        return [*self.known]

    def at(self, address: HostAddress) -> str:
        return next((name for name in self.known if self.known[name].address == address.url), "")

    def is_taken(self, name: str) -> bool:
        return name in self.known

    def free_name(self, address: HostAddress) -> str:
        return address.host

    async def test(self, draft: HostDraft) -> Trial:
        return self.trial

    def put(self, draft: HostDraft) -> None:
        self.configured.drafts[draft.name] = draft
        self.known[draft.name] = HostStatus(name=draft.name, address=draft.setting.url)

    def remove(self, name: str) -> None:
        del self.known[name]

    def status(self, name: str) -> HostStatus:
        return self.known.get(name) or HostStatus(name=name)

    def all(self) -> list[HostStatus]:
        return [*self.known.values()]

    def use(self, name: str) -> None:
        self.asked.append(("use", name))
        self.current = name

    def add(self, text: str) -> str:
        if "://" in text and not text.startswith("http"):
            raise ValueError(f"{text} is not a scheme of Ollama's.")
        self.asked.append(("add", text))
        self.known[text] = HostStatus(name=text, address=text)
        return text

    def look(self, name: str, *, models: bool = True) -> None:
        if models:
            self.asked.append(("look", name))


@dataclass
class ScriptedPulls:
    at_once: int = 2
    queue: list[Pull] = field(default_factory=list)
    asked: list[tuple[object, ...]] = field(default_factory=list)
    made: list[tuple[str, object, object]] = field(default_factory=list)

    def all(self) -> list[Pull]:
        return self.queue

    def create(self, name: str, request: object, blobs: object, host: str) -> None:
        self.made.append((name, request, blobs))

    def add(self, name: str, host: str | None = None) -> Pull:
        pull = Pull(
            id=f"p{len(self.queue)}", name=ModelName.parse(name).short, host=host or "local"
        )
        self.queue.append(pull)
        return pull

    def change(self, id: str, **values: object) -> Pull:
        for index, pull in enumerate(self.queue):
            if pull.id == id:
                self.queue[index] = msgspec.structs.replace(pull, **values)
                return self.queue[index]
        raise KeyError(id)

    def pause(self, id: str) -> None:
        self.asked.append(("pause", id))
        self.change(id, state="paused")

    def resume(self, id: str) -> None:
        self.asked.append(("resume", id))
        self.change(id, state="queued")

    def retry(self, id: str) -> None:
        self.asked.append(("retry", id))
        self.change(id, state="queued")

    def remove(self, id: str) -> None:
        self.asked.append(("remove", id))
        self.queue = [pull for pull in self.queue if pull.id != id]

    def clear(self) -> None:
        self.queue = [pull for pull in self.queue if pull.state != "done"]

    def move(self, id: str, by: int) -> None:
        self.asked.append(("move", id, by))
        index = next(i for i, pull in enumerate(self.queue) if pull.id == id)
        self.queue.insert(index + by, self.queue.pop(index))


@dataclass
class ScriptedModels:
    cards: dict[str, ModelCard] = field(default_factory=dict)
    trouble: Exception | None = None
    asked: list[tuple[str, ...]] = field(default_factory=list)

    async def show(self, host: str, name: str) -> ModelCard:
        self._note("show", host, name)
        return self.cards.get(name, ModelCard())

    async def delete(self, host: str, name: str) -> None:
        self._note("delete", host, name)

    async def copy(self, host: str, source: str, destination: str) -> None:
        self._note("copy", host, source, destination)

    async def load(self, host: str, name: str) -> None:
        self._note("load", host, name)

    async def unload(self, host: str, name: str) -> None:
        self._note("unload", host, name)

    def _note(self, *what: str) -> None:
        self.asked.append(what)
        if self.trouble:
            raise self.trouble


@dataclass
class ScriptedUpdates:
    newer: set[str] = field(default_factory=set)
    checked: list[str] = field(default_factory=list)
    bad: set[str] = field(default_factory=set)

    async def each(
        self, models: Iterable[LocalModel]
    ) -> AsyncGenerator[tuple[LocalModel, str, str], None]:
        for model in models:
            if model.name in self.bad:
                yield model, "unknown", "the registry is out"
            else:
                yield model, self.state(model), ""

    def state(self, model: LocalModel) -> str:
        return "update" if model.name in self.newer else "current"

    def check(self, models: Iterable[LocalModel]) -> None:
        self.checked += [model.name for model in models]

    async def manifest(self, model: LocalModel) -> Manifest | None:
        return None


@dataclass
class ScriptedMemory:
    stated: int = 0

    def vram(self, host: str) -> int:
        return self.stated

    def last_context(self, host: str, model: LocalModel) -> int:
        return 0

    def need(
        self, host: str, model: LocalModel, context: int, card: ModelCard | None = None
    ) -> Need:
        return need(model.size, context, card=card, parameters=model.details.parameter_size)


@dataclass
class ScriptedDisks:
    disk: Disk | None = None

    def known(self, host: str) -> Disk | None:
        return self.disk

    async def read(self, host: str) -> Disk | None:
        return self.disk


@dataclass
class ScriptedWorkspace:
    kept: TableView = field(default_factory=TableView)

    def view(self) -> TableView:
        return self.kept

    def keep_view(self, view: TableView) -> None:
        self.kept = view


@dataclass
class ScriptedCatalogue:
    at: float = 0.0
    more: tuple[Offer, ...] = ()

    def offers(self) -> tuple[Offer, ...]:
        return (*self.more, *offers())


@dataclass
class ScriptedPlanner:
    plans: dict[str, Plan] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def plan(self, pull: Pull) -> Plan | None:
        self.asked.append(pull.name)
        return self.plans.get(pull.name)


@dataclass
class ScriptedNews:
    catalogue: ScriptedCatalogue
    found: tuple[Offer, ...] = ()
    trouble: Exception | None = None

    async def fetch(self) -> int:
        if self.trouble:
            raise self.trouble
        self.catalogue.more = self.found
        self.catalogue.at = clock.now().timestamp()
        return len(self.found)


@dataclass
class ScriptedReplies:
    running: list[ReplyState] = field(default_factory=list)

    def all(self) -> list[ReplyState]:
        return self.running


@dataclass
class ScriptedWorker:
    hosts: ScriptedHosts = field(default_factory=ScriptedHosts)
    pulls: ScriptedPulls = field(default_factory=ScriptedPulls)
    models: ScriptedModels = field(default_factory=ScriptedModels)
    updates: ScriptedUpdates = field(default_factory=ScriptedUpdates)
    memory: ScriptedMemory = field(default_factory=ScriptedMemory)
    disks: ScriptedDisks = field(default_factory=ScriptedDisks)
    workspace: ScriptedWorkspace = field(default_factory=ScriptedWorkspace)
    catalogue: ScriptedCatalogue = field(default_factory=ScriptedCatalogue)
    planner: ScriptedPlanner = field(default_factory=ScriptedPlanner)
    replies: ScriptedReplies = field(default_factory=ScriptedReplies)
    sessions: Any = None

    def __post_init__(self) -> None:
        self.news = ScriptedNews(self.catalogue)


def with_hosts(*known: HostStatus, pulls: Sequence[Pull] = ()) -> ScriptedWorker:
    """A worker that knows these hosts and uses the first."""
    hosts = ScriptedHosts(known[0].name, {each.name: each for each in known})
    return ScriptedWorker(hosts=hosts, pulls=ScriptedPulls(queue=[*pulls]))
