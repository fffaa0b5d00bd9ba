"""The embedded engine as a host: started when it is first wanted, followed until it ends."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

from tui.api.client import Ollama
from tui.api.errors import OllamaError
from tui.domain.language import _
from tui.domain.status import EMBEDDED, HostStatus
from tui.worker.engine import EmbeddedEngine
from tui.worker.events import Events, HostChanged
from tui.worker.supervisor import Failed, Supervisor


class EngineRun:
    """One start at a time. `runs` hears of a new client, `ended` of its end."""

    def __init__(
        self, engine: EmbeddedEngine, events: Events, supervisor: Supervisor, bug: Failed
    ) -> None:
        self._engine = engine
        self._events = events
        self._supervisor = supervisor
        self._bug = bug
        self._starting = asyncio.Lock()
        self._attached: asyncio.Task[None] | None = None
        """Ends when the engine does."""
        error = engine.missing() or _("not started; enter starts it")
        self.status = HostStatus(name=EMBEDDED, state="down", error=error)
        """How it is before there is a client that could tell."""

    async def start(
        self, runs: Callable[[Ollama], Awaitable[None]], ended: Callable[[], None]
    ) -> None:
        """Start the engine or attach to it, unless that has been done. Raises OllamaError."""
        async with self._starting:
            if self._attached is not None and not self._attached.done():
                return
            self._is(HostStatus(name=EMBEDDED, state="connecting"))
            try:
                client = await self._engine.start()
            except OllamaError as error:
                self._is(HostStatus(name=EMBEDDED, state="down", error=str(error)))
                raise
            work = self._attach(client, ended)
            self._attached = self._supervisor.start(work, self._bug, lasting=True)
            await runs(client)

    async def _attach(self, client: Ollama, ended: Callable[[], None]) -> None:
        with contextlib.suppress(OllamaError):
            await client.attach()
        ended()

    def _is(self, status: HostStatus) -> None:
        self.status = status
        self._events.tell(HostChanged(status))
