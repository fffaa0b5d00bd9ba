"""The jobs that run now, each a task of its own."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from tui.domain.pulls import Pull
from tui.worker.hosts import Hosts
from tui.worker.supervisor import Supervisor

if TYPE_CHECKING:
    from tui.worker.download import Download


class RunningDownloads:
    """Starts and cancels downloads; of one that was cancelled nothing is heard any more."""

    def __init__(
        self,
        hosts: Hosts,
        supervisor: Supervisor,
        progressed: Callable[[Pull, bool], None],
        failed: Callable[[str, Exception], None],
        freed: Callable[[], None],
    ) -> None:
        self._hosts = hosts
        self._supervisor = supervisor
        self._progressed = progressed
        self._failed = failed
        self._freed = freed
        """Called when a download has ended, so that the next can start."""
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._downloads: dict[str, Download] = {}

    def count(self, host: str) -> int:
        """How many run on a host."""
        return sum(each.pull.host == host for each in self._downloads.values())

    def __contains__(self, id: str) -> bool:
        return id in self._tasks

    def start(self, pull: Pull) -> None:
        """Let a job run."""
        from tui.worker.download import Download

        download = self._downloads[pull.id] = Download(pull, self._hosts, self._hear)
        task = self._supervisor.start(download.run(), partial(self._failed, pull.id))
        self._tasks[pull.id] = task
        task.add_done_callback(partial(self._end, pull.id))

    def cancel(self, id: str) -> None:
        """End a job, if it runs."""
        if task := self._tasks.pop(id, None):
            del self._downloads[id]
            task.cancel()

    def adjust(self, id: str, change: Callable[[Pull], Pull]) -> None:
        """Let a job that runs know what was found out about it."""
        if id in self._tasks:
            self._downloads[id].pull = change(self._downloads[id].pull)

    def _hear(self, pull: Pull, to_disk: bool) -> None:
        if pull.id in self._tasks:
            self._progressed(pull, to_disk)

    def _end(self, id: str, task: asyncio.Task[None]) -> None:
        if self._tasks.get(id) is task:
            del self._tasks[id], self._downloads[id]
            self._freed()
