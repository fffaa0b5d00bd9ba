"""What the models of a host take on its disk, where that can be read from here."""

import asyncio

from tui.domain.disk import Disk
from tui.domain.places import Places
from tui.domain.status import EMBEDDED, HostStatus
from tui.store import model_folder
from tui.worker.hosts import Hosts


class Disks:
    """Finds the models folder of servers on this machine; each is read once per list of models."""

    def __init__(self, places: Places, hosts: Hosts) -> None:
        self._own = places.models
        self._hosts = hosts
        self._known: dict[str, tuple[object, Disk | None]] = {}

    def known(self, host: str) -> Disk | None:
        """What was read last, if the host's models are still the same."""
        models, disk = self._known.get(host, (None, None))
        return disk if models == _key(self._hosts.status(host)) else None

    async def read(self, host: str) -> Disk | None:
        """The host's models folder; None where it is not readable from here, or not the host's."""
        status = self._hosts.status(host)
        key = _key(status)
        if self._known.get(host, (None, None))[0] != key:
            self._known[host] = key, await asyncio.to_thread(self._find, status)
        return self._known[host][1]

    def _find(self, status: HostStatus) -> Disk | None:
        if not status.models or not (status.is_local or status.name == EMBEDDED):
            return None
        folders = [self._own] if status.name == EMBEDDED else [*model_folder.usual(), self._own]
        for folder in folders:
            disk = model_folder.read(folder)
            if disk and all(disk.digests.get(each.name) == each.digest for each in status.models):
                return disk
        return None


def _key(status: HostStatus) -> frozenset[tuple[str, str]]:
    return frozenset((each.name, each.digest) for each in status.models or ())
