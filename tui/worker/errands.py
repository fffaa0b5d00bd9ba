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

    async def begin(self, wanted: Callable[[Pull], bool]) -> list[Pull]:
        """Run or follow the queue; those of the wanted jobs that are in it already.

        What else lies idle there stays so, for a program that stays longer.
        """
        known = await asyncio.to_thread(self._store.claim, wanted)
        ended = [job for job in known if job.state in ENDED]
        for job in ended if self.runs else ():
            self._store.remove(job.id)  # it makes room for its successor
        self._supervisor.start(self._pulls.watch(), self._failed, lasting=True)
        return [job for job in known if job.state not in ENDED]
