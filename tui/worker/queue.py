"""The jobs of the download queue as they are here and on disk."""

import asyncio

import msgspec

from tui.domain import clock
from tui.domain.language import _
from tui.domain.names import same_model
from tui.domain.pulls import ACTIVE, ENDED, WAITING, Kind, Pull
from tui.store.jobs import JobStore
from tui.worker.events import Events, Notice, PullChanged, PullRemoved


class Queue:
    """Keeps the jobs in their order, and tells of every change."""

    def __init__(self, store: JobStore, events: Events) -> None:
        self._store = store
        self._events = events
        self._jobs: dict[str, Pull] = {}
        self._removed: set[str] = set()
        """Jobs whose files may still be there for a moment."""
        self._added: set[str] = set()
        """Jobs whose files may not be there yet."""

    def all(self) -> list[Pull]:
        """Every job in the order of the queue."""
        return sorted(self._jobs.values(), key=lambda job: (job.place, job.id))

    def get(self, id: str) -> Pull | None:
        """A job, unless it is gone."""
        return self._jobs.get(id)

    def same(self, kind: Kind, name: str, host: str) -> Pull | None:
        """A job that does the same and has not ended."""
        rivals = (job for job in self._jobs.values() if (job.kind, job.host) == (kind, host))
        going = (job for job in rivals if job.state not in ENDED)
        return next((job for job in going if same_model(job.name, name)), None)

    def append(self, job: Pull) -> None:
        """Take a new job in, as the last."""
        place = max((each.place for each in self._jobs.values()), default=0) + 1
        self._added.add(job.id)
        self.put(msgspec.structs.replace(job, place=place))

    def put(self, job: Pull, *, to_disk: bool = True) -> None:
        """Take a job in as it is now."""
        self._jobs[job.id] = job
        if to_disk:
            self._store.save(job)
        self._events.tell(PullChanged(job))

    def remove(self, id: str) -> None:
        """Take a job out."""
        if self._jobs.pop(id, None) is not None:
            self._removed.add(id)
            self._store.remove(id)
            self._events.tell(PullRemoved(id))

    def move(self, id: str, by: int) -> None:
        """Move a job among those that have not begun; a negative number lets it run earlier."""
        order = [job.id for job in self.all() if job.state in WAITING]
        if id not in order:
            return
        at = order.index(id)
        order.insert(min(max(at + by, 0), len(order) - 1), order.pop(at))
        waiting = iter(order)
        for place, job in enumerate(self.all(), 1):
            each = self._jobs[next(waiting) if job.state in WAITING else job.id]
            if each.place != place:
                self.put(msgspec.structs.replace(each, place=place))

    def check_speed(self, host: str) -> float:
        """How fast digests are checked on a host, as the last job there measured it."""
        speeds = [job.check_speed for job in self.all() if job.host == host]
        return next((speed for speed in reversed(speeds) if speed), 0.0)

    async def take_over(self) -> None:
        """Go on with what was running when the last program ended."""
        for job in await self._stored(ours=False):
            self.put(_left_behind(job) if job.state in ACTIVE else job, to_disk=False)

    async def learn(self, *, ours: bool) -> None:
        """Take in what other programs wrote: new jobs if the rest is `ours`, else everything."""
        stored = await self._stored(ours=ours)
        for job in stored:
            mine = ours and job.id in self._jobs
            if not mine and self._jobs.get(job.id) != job:
                self.put(job, to_disk=False)
        if not ours:
            for gone in self._jobs.keys() - {job.id for job in stored} - self._added:
                del self._jobs[gone]
                self._events.tell(PullRemoved(gone))

    async def _stored(self, *, ours: bool) -> list[Pull]:
        """The jobs on disk but for those taken out here; if they are `ours`, only new ones."""
        known = {*self._jobs, *self._removed} if ours else {*self._removed}
        stored = await asyncio.to_thread(self._store.load, known)
        self._added -= {job.id for job in stored}
        while self._store.damaged:
            self._events.tell(Notice(self._store.damaged.pop(), "error"))
        return [job for job in stored if job.id not in self._removed]


def _left_behind(job: Pull) -> Pull:
    """A job of a program that ended while it ran."""
    waiting = msgspec.structs.replace(job, state="queued", speed=0.0)
    return waiting.noted(clock.now(), _("the program that ran it has ended"))
