"""One host, looked at from time to time."""

import asyncio
import time
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec

from tui.api.base import Client
from tui.api.client import preload
from tui.api.errors import KeyMissing, OllamaError, Unauthorized
from tui.domain import clock
from tui.domain.hosts import HostAddress
from tui.domain.status import LOCAL, Gpu, HostStatus
from tui.worker.attention import Attention
from tui.worker.events import Events, HostChanged
from tui.worker.gpus import Gpus

if TYPE_CHECKING:
    from tui.worker.tunnel import Tunnel

_ATTENDED, _UNATTENDED = 5.0, 30.0
"""Seconds between looks at hosts that somebody looks at, and at the others."""
_PATIENT = 12
"""Failures before the looks at a host become rarer."""
_SLOWEST = 60.0
"""Seconds between looks at a host that stays down."""
_LASTING = 300.0
"""Seconds between looks at one that wants another key: trying more often locks people out."""
_MODELS_EVERY = 6
"""The list of models is long and seldom changes: it is asked for at every sixth look."""
_SAME_LATENCY, _JITTER = 0.5, 0.005
"""A latency that changed by less than half, or than 5 ms, is not worth a line on a slow screen."""


class Watch:
    """Polls version, loaded models and models of one host, gently."""

    def __init__(
        self,
        name: str,
        client: Client,
        events: Events,
        attention: Attention,
        gpus: Gpus | None = None,
    ) -> None:
        self.client = client
        self.tunnel = self._dug(client)
        self._attention = attention
        address = client.address
        title = "" if name != LOCAL or address.is_local else address.host
        self.status = HostStatus(
            name=name, title=title, address=address.shown, is_local=address.is_local,
            kind=client.kind,
            tunnel="down" if self.tunnel else "",
            unverified=address.scheme == "https" and not client.access.setting.verify,
        )  # fmt: skip
        self._events = events
        self._gpus = gpus if self.status.is_local else None
        self._wanted = asyncio.Event()
        self._looks = 0
        self._failures = 0
        self._refused = False
        """Whether it, or a store of keys, does not let us in."""
        self._over = False

    def _dug(self, client: Client) -> "Tunnel | None":
        """The tunnel that a host behind ssh needs; its end here is what the client asks."""
        if client.address.box is None:
            return None
        from tui.worker.tunnel import Tunnel

        tunnel = Tunnel(client.address, client.address.box, self._note_tunnel)
        client.address = tunnel.address
        return tunnel

    @property
    def address(self) -> HostAddress:
        """Where the host is, as it was configured."""
        return self.tunnel.leads_to if self.tunnel else self.client.address

    async def reach(self) -> Client:
        """The client, once there is a way to the host. Raises OllamaError."""
        if self.tunnel:
            await self.tunnel.reach()
        return self.client

    async def aclose(self) -> None:
        """Close every connection to the host."""
        await self.client.aclose()
        if self.tunnel:
            await self.tunnel.aclose()

    def look(self, *, models: bool = True) -> None:
        """Look now, at everything or at all but the list of models."""
        self._looks = 0 if models else self._looks
        self._failures = 0
        self._wanted.set()

    def end(self) -> None:
        """Look no more, and tell no more."""
        self._over = True
        self._wanted.set()

    async def turn_to(self, client: Client) -> None:
        """Watch the server at another address: the engine has one of its own each time."""
        before, self.client = self.client, client
        self.status = msgspec.structs.replace(self.status, address=client.address.shown)
        self.look()
        await before.aclose()

    async def run(self) -> None:
        """Look, wait, and so on until the end."""
        await asyncio.to_thread(preload)
        while not self._over:
            self._wanted.clear()
            self._set(await self._seen())
            try:
                async with asyncio.timeout(self._pause()):
                    await self._wanted.wait()
            except TimeoutError:
                continue

    async def _seen(self) -> HostStatus:
        """The host as it is now."""
        before = self.status
        try:
            await self.reach()
            began = time.perf_counter()
            version = await self.client.version()
            latency = time.perf_counter() - began
            running = tuple(await self.client.running())
            models = before.models
            if models is None or self._looks % _MODELS_EVERY == 0:
                models = tuple(await self.client.models())
        except OllamaError as error:
            self._failures += 1
            self._refused = isinstance(error, KeyMissing | Unauthorized)
            return msgspec.structs.replace(
                before,
                state="down",
                error=str(self.tunnel.meant(error) if self.tunnel else error),
                running=(),
                next_try=clock.now() + timedelta(seconds=self._pause()),
            )
        self._looks += 1
        self._failures, self._refused = 0, False
        same = max(_SAME_LATENCY * before.latency, _JITTER)
        if before.latency and abs(latency - before.latency) < same:
            latency = before.latency
        return msgspec.structs.replace(
            before,
            state="up",
            error="",
            version=version,
            takes=self.client.takes,
            tells_loaded=self.client.tells_loaded,
            latency=latency,
            running=running,
            models=models,
            gpus=await self._cards(before.gpus),
            next_try=None,
        )

    async def _cards(self, before: tuple[Gpu, ...]) -> tuple[Gpu, ...]:
        """The GPUs of this machine, asked anew while somebody looks."""
        if self._gpus is None or (before and not self._is_looked_at):
            return before
        return await asyncio.to_thread(self._gpus.read)

    @property
    def _is_looked_at(self) -> bool:
        return self._attention.is_on(self.status.name)

    def _note_tunnel(self) -> None:
        """The tunnel opened or broke; one that broke is opened again."""
        if self.tunnel is None:
            return
        if self.status.tunnel == "up":
            self._wanted.set()
        self._set(self.status)

    def _set(self, status: HostStatus) -> None:
        if self.tunnel:
            status = msgspec.structs.replace(
                status, tunnel=self.tunnel.state, tunnel_since=self.tunnel.since
            )
        if status.state != self.status.state:
            status = msgspec.structs.replace(status, since=clock.now())
        if status != self.status and not self._over:
            self.status = status
            self._events.tell(HostChanged(status))

    def _pause(self) -> float:
        if self._refused:
            return _LASTING
        pause = _ATTENDED if self._is_looked_at else _UNATTENDED
        pause = min(pause * 2.0 ** max(self._failures - _PATIENT, 0), _SLOWEST)
        return max(pause, self.tunnel.pause) if self.tunnel else pause
