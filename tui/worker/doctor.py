"""The connection doctor: what works between here and a server, what does not, what mends it."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import msgspec

from tui.api.client import preload
from tui.domain.checkup import Finding, masked
from tui.domain.language import _
from tui.domain.places import Places
from tui.domain.status import EMBEDDED
from tui.worker import machine_checkup
from tui.worker.engine import EmbeddedEngine
from tui.worker.hosts import Hosts


class Doctor:
    """Examines servers and this machine. Nothing is changed or started by it."""

    def __init__(self, places: Places, hosts: Hosts, engine: EmbeddedEngine) -> None:
        self._places = places
        self._hosts = hosts
        self._engine = engine

    async def examine(self, name: str) -> AsyncGenerator[Finding, None]:
        """Everything between the user and a host, as it is found."""
        if self._hosts.status(name).address:
            async with aclosing(self._server(name)) as found:
                async for finding in found:
                    yield finding
        here = _("this machine")
        async for finding in machine_checkup.folders(self._places):
            yield msgspec.structs.replace(finding, part=here)
        yield msgspec.structs.replace(await machine_checkup.settings(self._places), part=here)
        async for finding in machine_checkup.engine(self._engine, wanted=name == EMBEDDED):
            yield msgspec.structs.replace(finding, part=_("embedded engine"))

    async def _server(self, name: str) -> AsyncGenerator[Finding, None]:
        await asyncio.to_thread(preload)
        from tui.worker.host_checkup import HostCheckup, secrets

        address, title = self._hosts.address(name), self._hosts.status(name).shown
        access = self._hosts.configured.access(name)
        hidden = secrets(address, access)
        async with aclosing(HostCheckup(address, access).findings()) as found:
            async for finding in found:
                yield masked(msgspec.structs.replace(finding, part=title), hidden)
