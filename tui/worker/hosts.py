"""The servers, and what is known of each."""

import asyncio
from pathlib import Path

from tui.api.base import Client
from tui.api.client import client_of
from tui.api.errors import OllamaError
from tui.domain.fits import read_size
from tui.domain.host_drafts import HostDraft
from tui.domain.hosts import HostAddress
from tui.domain.language import _
from tui.domain.status import EMBEDDED, LOCAL, HostStatus, Trial
from tui.worker.attention import Attention
from tui.worker.configured import ConfiguredHosts
from tui.worker.engine import EmbeddedEngine
from tui.worker.engine_run import EngineRun
from tui.worker.events import Events, HostChanged, HostChosen, HostRemoved, Notice
from tui.worker.gpus import Gpus
from tui.worker.supervisor import Supervisor
from tui.worker.watch import Watch


class UnknownHost(OllamaError):
    """A session names a host that is not configured here."""


class Hosts:
    """Every configured host, with its client and the watch that knows how it is."""

    def __init__(
        self,
        engine: EmbeddedEngine,
        configured: ConfiguredHosts,
        events: Events,
        supervisor: Supervisor,
    ) -> None:
        self._engine = engine
        self.configured = configured
        self._events = events
        self._supervisor = supervisor
        self._watches: dict[str, Watch] = {}
        self._retired: list[Watch] = []
        """Of hosts as they were before they were changed or removed."""
        self._gpus = Gpus()
        self.attention = Attention(LOCAL)
        self._started = False
        self._engine_run = EngineRun(engine, events, supervisor, self._bug)

    def configure(self, addresses: dict[str, HostAddress], current: str) -> None:
        """Take in the hosts by name, and the one to begin with."""
        self.attention.in_use = current if current in (*addresses, EMBEDDED) else LOCAL
        for name, address in addresses.items():
            self._put(name, self._client(name, address))

    @property
    def current(self) -> str:
        """The name of the host in use for new chats, models and pulls."""
        return self.attention.in_use

    def names(self) -> list[str]:
        """All hosts, in order; the embedded engine only where it can run."""
        named = [*self._watches]
        if EMBEDDED not in named and not self._engine.missing():
            named.append(EMBEDDED)
        place = {name: number for number, name in enumerate(self.configured.order)}
        return sorted(named, key=lambda name: place.get(name, len(place)))

    def all(self) -> list[HostStatus]:
        """What is known of every host."""
        return [self.status(name) for name in self.names()]

    def address(self, name: str) -> HostAddress:
        """Where a host is asked."""
        watch = self._watches.get(name)
        return watch.address if watch else HostAddress()

    def status(self, name: str) -> HostStatus:
        """What is known of a host."""
        if watch := self._watches.get(name):
            return watch.status
        if name == EMBEDDED:
            return self._engine_run.status
        return HostStatus(name=name, state="down", error=_("no host of this name is configured"))

    def vram(self, name: str) -> int:
        """Bytes of its GPUs' memory, as the user states or this machine tells; 0 if unknown."""
        stated = read_size(self.configured.draft(name).setting.vram or "0")
        return stated or sum(gpu.total for gpu in self.status(name).gpus)

    def use(self, name: str) -> None:
        """Take a host for new chats, models and pulls; the engine is started if it is that."""
        self.attention.in_use = name
        self._events.tell(HostChosen(name))
        if name == EMBEDDED and name not in self._watches:
            self._supervisor.start(self._engine_wanted(), self._bug)
        else:
            self.look(name)

    def add(self, text: str) -> str:
        """Configure one more host; returns its name. Raises ValueError and OSError."""
        address = HostAddress.parse(text)
        if known := self.at(address):
            return known
        name = self.free_name(address)
        self.put(HostDraft(name).changed("url", text.strip()))
        return name

    def at(self, address: HostAddress) -> str:
        """The host that listens there; empty if there is none."""
        return next((name for name, each in self._watches.items() if each.address == address), "")

    def is_taken(self, name: str) -> bool:
        """Whether a host has this name."""
        return name in self._watches or name in (LOCAL, EMBEDDED)

    def free_name(self, address: HostAddress) -> str:
        """What a host may be called that listens there."""
        base = name = Path(address.socket).stem if address.socket else address.host or LOCAL
        number = 2
        while self.is_taken(name):
            name, number = f"{base}-{number}", number + 1
        return name

    async def test(self, draft: HostDraft) -> Trial:
        """What a host would say if it were saved like this."""
        from tui.worker.host_trial import tried

        return await tried(draft, self._address_of(draft))

    def put(self, draft: HostDraft) -> None:
        """Configure a host, new or not. Raises ValueError and OSError."""
        self.configured.put(draft)
        name, address = draft.name, self._address_of(draft)
        self._retire(name)
        self._put(name, self._client(name, address))
        self._events.tell(HostChanged(self.status(name)))

    def _address_of(self, draft: HostDraft) -> HostAddress:
        # Without a URL it stays where it is: that is what OLLAMA_HOST says.
        url = draft.setting.url
        return HostAddress.parse(url) if url else self.address(draft.name)

    def remove(self, name: str) -> None:
        """Forget a host; its conversations stay. Raises ValueError and OSError."""
        self.configured.remove(name)
        self._retire(name)
        self._events.tell(HostRemoved(name))
        if name == self.current:
            self.use(self.names()[0])

    def _retire(self, name: str) -> None:
        """Look at a host no more. What is being asked there may go on to its end."""
        if watch := self._watches.pop(name, None):
            watch.end()
            self._retired.append(watch)

    def _client(self, name: str, address: HostAddress) -> Client:
        access = self.configured.access(name)
        return client_of(access.setting.speaks(address), address, access)

    def look(self, name: str, *, models: bool = True) -> None:
        """Look at a host now rather than at the next turn."""
        if watch := self._watches.get(name):
            watch.look(models=models)

    async def client(self, name: str) -> Client:
        """The client of a host; the engine is started if that is what it is. Raises OllamaError."""
        if name == EMBEDDED:
            await self._start_engine()
        if name not in self._watches:
            text = _("There is no host named {name}. 4 lists all there are; /host takes one.")
            raise UnknownHost(text.format(name=name))
        return await self._watches[name].reach()

    def start(self) -> None:
        """Begin to watch. Nothing is asked of any server before this."""
        self._started = True
        for watch in self._watches.values():
            self._follow(watch)
        if self.current == EMBEDDED:
            self._supervisor.start(self._engine_wanted(), self._bug)

    async def aclose(self) -> None:
        """Close every connection; the engine ends if no other program uses it."""
        watches = [*self._retired, *self._watches.values()]
        await asyncio.gather(*(watch.aclose() for watch in watches))
        await self._engine.leave()

    async def _engine_wanted(self) -> None:
        try:
            await self._start_engine()
        except OllamaError as error:
            self._events.tell(Notice(str(error), "error"))

    async def _start_engine(self) -> None:
        # Once it has ended, that should show at once.
        await self._engine_run.start(self._engine_runs, lambda: self.look(EMBEDDED))

    async def _engine_runs(self, client: Client) -> None:
        if watch := self._watches.get(EMBEDDED):
            await watch.turn_to(client)
        else:
            self._put(EMBEDDED, client)

    def _put(self, name: str, client: Client) -> None:
        watch = Watch(name, client, self._events, self.attention, self._gpus)
        self._watches[name] = watch
        if self._started:
            self._follow(watch)

    def _follow(self, watch: Watch) -> None:
        self._supervisor.start(self._watched(watch), self._bug, lasting=True)

    async def _watched(self, watch: Watch) -> None:
        """Look at a host until it is retired; let go of it when nothing is asked any more."""
        await watch.run()
        await self._supervisor.idle()
        await watch.aclose()

    def _bug(self, error: Exception) -> None:
        text = _("An error in this program: {error}. The log has it.")
        self._events.tell(Notice(text.format(error=error), "error"))
