"""Jobs of the queue for a program that ends with them, as the command line does."""

import asyncio
from collections.abc import Callable

from tui.domain.pulls import ENDED, Pull
from tui.store.jobs import JobStore
from tui.worker.pulls import Pulls
from tui.worker.supervisor import Failed, Supervisor


class Errands:
    """Runs the queue if nobody does, or follows it, for some jobs alone."""

    def __init__(
        self, store: JobStore, pulls: Pulls, supervisor: Supervisor, failed: Failed
    ) -> None:
        self._store = store
        self._pulls = pulls
        self._supervisor = supervisor
        self._failed = failed

    @property
    def runs(self) -> bool:
        """Whether this program runs the queue."""
        return self._store.lock.held

    async def begin(self, wanted: Callable[[Pull], bool]) -> None:
        """Run or follow the queue, of which everything is known then.

        What lies idle there and is not wanted stays so, for a program that stays longer. Of the
        wanted, those that have ended make room for their successors.
        """
        await asyncio.to_thread(self._store.claim, wanted)
        await self._pulls.look()
        for job in self._pulls.all() if self.runs else ():
            if wanted(job) and job.state in ENDED:
                self._pulls.remove(job.id)
        self._supervisor.start(self._pulls.watch(), self._failed, lasting=True)
