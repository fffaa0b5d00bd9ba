"""The servers, and what is known of each."""

import asyncio
import contextlib
from pathlib import Path

from tui.api.client import Ollama
from tui.api.errors import OllamaError
from tui.domain.hosts import HostAddress
from tui.domain.language import _
from tui.domain.status import EMBEDDED, LOCAL, HostStatus
from tui.store.settings import SettingsStore
from tui.worker.engine import EmbeddedEngine
from tui.worker.events import Events, HostChanged, HostChosen, Notice
from tui.worker.supervisor import Supervisor
from tui.worker.watch import Watch


class UnknownHost(OllamaError):
    """A session names a host that is not configured here."""


class Hosts:
    """Every configured host, with its client and the watch that knows how it is."""

    def __init__(
        self,
        engine: EmbeddedEngine,
        settings: SettingsStore,
        events: Events,
        supervisor: Supervisor,
    ) -> None:
        self._engine = engine
        self._settings = settings
        self._events = events
        self._supervisor = supervisor
        self._watches: dict[str, Watch] = {}
        self._current = LOCAL
        self._started = False
        self._starting = asyncio.Lock()
        self._attached: asyncio.Task[None] | None = None
        """Ends when the engine does."""
        error = engine.missing() or _("not started; enter starts it")
        self._engine_status = HostStatus(name=EMBEDDED, state="down", error=error)

    def configure(self, addresses: dict[str, HostAddress], current: str) -> None:
        """Take in the hosts by name, and the one to begin with."""
        self._current = current if current in (*addresses, EMBEDDED) else LOCAL
        for name, address in addresses.items():
            self._put(name, Ollama(address))

    @property
    def current(self) -> str:
        """The name of the host in use for new chats, models and pulls."""
        return self._current

    def names(self) -> list[str]:
        """All hosts, in order; the embedded engine only where it can run."""
        named = [*self._watches]
        return named if EMBEDDED in named or self._engine.missing() else [*named, EMBEDDED]

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
            return self._engine_status
        return HostStatus(name=name, state="down", error=_("no host of this name is configured"))

    def use(self, name: str) -> None:
        """Take a host for new chats, models and pulls; the engine is started if it is that."""
        self._current = name
        for each, watch in self._watches.items():
            watch.attended = each == name
        self._events.tell(HostChosen(name))
        if name == EMBEDDED and name not in self._watches:
            self._supervisor.start(self._engine_wanted(), self._bug)
        else:
            self.look(name)

    def add(self, text: str) -> str:
        """Configure one more host; returns its name. Raises ValueError and OSError."""
        address = HostAddress.parse(text)
        for name, watch in self._watches.items():
            if watch.address == address:
                return name
        base = name = Path(address.socket).stem if address.socket else address.host or LOCAL
        number = 2
        while name in self._watches or name in (LOCAL, EMBEDDED):
            name, number = f"{base}-{number}", number + 1
        self._settings.add_host(name, text.strip())
        self._put(name, Ollama(address))
        return name

    def look(self, name: str, *, models: bool = True) -> None:
        """Look at a host now rather than at the next turn."""
        if watch := self._watches.get(name):
            watch.look(models=models)

    async def client(self, name: str) -> Ollama:
        """The client of a host; the engine is started if that is what it is. Raises OllamaError."""
        if name == EMBEDDED:
            await self._start_engine()
        if name not in self._watches:
            text = _("There is no host named {name}. 4 lists the hosts; ^O chooses a model of one.")
            raise UnknownHost(text.format(name=name))
        return await self._watches[name].reach()

    def start(self) -> None:
        """Begin to watch. Nothing is asked of any server before this."""
        self._started = True
        for watch in self._watches.values():
            self._follow(watch)
        if self._current == EMBEDDED:
            self._supervisor.start(self._engine_wanted(), self._bug)

    async def aclose(self) -> None:
        """Close every connection; the engine ends if no other program uses it."""
        await asyncio.gather(*(watch.aclose() for watch in self._watches.values()))
        await self._engine.leave()

    async def _engine_wanted(self) -> None:
        try:
            await self._start_engine()
        except OllamaError as error:
            self._events.tell(Notice(str(error), "error"))

    async def _start_engine(self) -> None:
        """Start the engine or attach to it, unless that has been done."""
        async with self._starting:
            if self._attached is not None and not self._attached.done():
                return
            self._engine_is(HostStatus(name=EMBEDDED, state="connecting"))
            try:
                client = await self._engine.start()
            except OllamaError as error:
                self._engine_is(HostStatus(name=EMBEDDED, state="down", error=str(error)))
                raise
            self._attached = self._supervisor.start(self._attach(client), self._bug, lasting=True)
            if watch := self._watches.get(EMBEDDED):
                await watch.turn_to(client)
            else:
                self._put(EMBEDDED, client)

    async def _attach(self, client: Ollama) -> None:
        with contextlib.suppress(OllamaError):
            await client.attach()
        self.look(EMBEDDED)  # it has ended: that should show at once

    def _engine_is(self, status: HostStatus) -> None:
        self._engine_status = status
        self._events.tell(HostChanged(status))

    def _put(self, name: str, client: Ollama) -> None:
        watch = Watch(name, client, self._events)
        watch.attended = name == self._current
        self._watches[name] = watch
        if self._started:
            self._follow(watch)

    def _follow(self, watch: Watch) -> None:
        self._supervisor.start(watch.run(), self._bug, lasting=True)

    def _bug(self, error: Exception) -> None:
        text = _("An error in this program: {error}. The log has it.")
        self._events.tell(Notice(text.format(error=error), "error"))
