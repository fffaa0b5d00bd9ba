"""The download queue: what waits, what runs, and in which order."""

import asyncio

import msgspec

from tui.domain import clock
from tui.domain.language import _
from tui.domain.names import ModelName, same_model
from tui.domain.pulls import ACTIVE, ENDED, Pull, State
from tui.domain.session import new_id
from tui.store.jobs import JobStore
from tui.worker.events import Events, Notice, PullChanged, PullRemoved
from tui.worker.hosts import Hosts
from tui.worker.running import RunningDownloads
from tui.worker.supervisor import Supervisor

_LOOK = 1.0
"""Seconds between looks at what other programs put into the queue."""


class Pulls:
    """Owns the jobs. One program runs them; others add to the queue and follow it."""

    def __init__(
        self, store: JobStore, hosts: Hosts, events: Events, supervisor: Supervisor
    ) -> None:
        self._store = store
        self._hosts = hosts
        self._events = events
        self._running = RunningDownloads(
            hosts, supervisor, self._progressed, self._failed, self._start_next
        )
        self._jobs: dict[str, Pull] = {}
        self._removed: set[str] = set()
        """Jobs whose files may still be there for a moment."""
        self._added: set[str] = set()
        """Jobs whose files may not be there yet."""
        self._at_once = 2
        self._runs = False

    @property
    def at_once(self) -> int:
        """How many run at the same time."""
        return self._at_once

    @at_once.setter
    def at_once(self, count: int) -> None:
        self._at_once = max(count, 1)
        self._start_next()

    @property
    def active(self) -> list[Pull]:
        """Those that run now."""
        return [pull for pull in self.all() if pull.state in ACTIVE]

    def all(self) -> list[Pull]:
        """Every job in the order of the queue."""
        return sorted(self._jobs.values(), key=lambda pull: (pull.place, pull.id))

    def add(self, name: str, host: str | None = None) -> Pull:
        """Put a model into the queue, unless it is in it already. Raises BadModelName."""
        asked = ModelName.parse(name)
        short = asked.short if asked.scheme == "https" else f"http://{asked.short}"
        host = host or self._hosts.current
        for pull in self._jobs.values():
            if pull.host == host and same_model(pull.name, short) and pull.state not in ENDED:
                return pull
        place = max((pull.place for pull in self._jobs.values()), default=0) + 1
        pull = Pull(id=new_id(), name=short, host=host, place=place, created_at=clock.now())
        self._added.add(pull.id)
        self._set(pull.noted(clock.now(), _("queued")))
        self._start_next()
        return self._jobs[pull.id]

    def pause(self, id: str) -> None:
        """Stop a job for now; the server keeps what it has."""
        pull = self._jobs.get(id)
        if pull is None or pull.state in ENDED or not self._ours():
            return
        self._running.cancel(id)
        paused = msgspec.structs.replace(pull, state="paused", speed=0.0)
        self._set(paused.noted(clock.now(), _("paused")))
        self._start_next()

    def resume(self, id: str) -> None:
        """Let a paused or failed job go on where it was."""
        pull = self._jobs.get(id)
        if pull is not None and pull.state not in (*ACTIVE, "queued") and self._ours():
            again = msgspec.structs.replace(pull, state="queued", error="", ended_at=None)
            self._set(again.noted(clock.now(), _("queued again")))
            self._start_next()

    retry = resume

    def remove(self, id: str) -> None:
        """Take a job out of the queue, ending it if it runs."""
        if not self._ours():
            return
        self._running.cancel(id)
        if self._jobs.pop(id, None) is not None:
            self._removed.add(id)
            self._store.remove(id)
            self._events.tell(PullRemoved(id))
        self._start_next()

    def clear(self) -> None:
        """Take out what is done or has failed."""
        ended = [pull.id for pull in self.all() if pull.state in ENDED]
        for each in ended if self._ours() else ():
            self.remove(each)

    def move(self, id: str, by: int) -> None:
        """Move a job in the queue; a negative number lets it run earlier."""
        order = [pull.id for pull in self.all()]
        if id not in order or not self._ours():
            return
        at = order.index(id)
        order.insert(min(max(at + by, 0), len(order) - 1), order.pop(at))
        for place, each in enumerate(order, 1):
            if self._jobs[each].place != place:
                self._set(msgspec.structs.replace(self._jobs[each], place=place))

    def end_all(self) -> None:
        """The program ends: what is there of every job is noted, and the next one goes on."""
        self._runs = False
        for pull in self.active:
            self._store.save(pull)

    def leave(self) -> None:
        """All is written: another program may run the queue now."""
        self._store.lock.release()

    async def watch(self) -> None:
        """Run the queue if no other program does; else follow it, and take over when that ends."""
        while True:
            if not self._runs and self._store.lock.take():
                await self._take_over()
            await self._learn()
            await asyncio.sleep(_LOOK)

    async def _take_over(self) -> None:
        """Go on with what was running when the last program ended."""
        for pull in await self._stored():
            state: State = "queued" if pull.state in ACTIVE else pull.state
            self._jobs[pull.id] = msgspec.structs.replace(pull, state=state, speed=0.0)
            self._events.tell(PullChanged(self._jobs[pull.id]))
        self._runs = True
        self._start_next()

    async def _learn(self) -> None:
        """Take in what other programs wrote: new jobs if we run the queue, else everything."""
        stored = await self._stored()
        for pull in stored:
            ours = self._runs and pull.id in self._jobs
            if not ours and self._jobs.get(pull.id) != pull:
                self._jobs[pull.id] = pull
                self._events.tell(PullChanged(pull))
        if not self._runs:
            for gone in self._jobs.keys() - {pull.id for pull in stored} - self._added:
                del self._jobs[gone]
                self._events.tell(PullRemoved(gone))
        self._start_next()

    async def _stored(self) -> list[Pull]:
        """The jobs on disk but for those taken out here."""
        known = {*self._jobs, *self._removed} if self._runs else {*self._removed}
        stored = await asyncio.to_thread(self._store.load, known)
        self._added -= {pull.id for pull in stored}
        while self._store.damaged:
            self._events.tell(Notice(self._store.damaged.pop(), "error"))
        return [pull for pull in stored if pull.id not in self._removed]

    def _ours(self) -> bool:
        """Whether the jobs are ours to change; says so if not."""
        ours = self._store.lock.take()
        if not ours:
            text = _("Another ollama-tui runs the downloads: change them there. New ones can be "
                     "added here.")  # fmt: skip
            self._events.tell(Notice(text, "warning"))
        return ours

    def _start_next(self) -> None:
        if not self._runs:
            return
        for pull in self.all():
            if len(self._running) >= self._at_once:
                return
            if pull.state == "queued" and pull.id not in self._running:
                started = msgspec.structs.replace(
                    pull, state="downloading", started_at=pull.started_at or clock.now()
                ).noted(clock.now(), _("started"))
                self._set(started)
                self._running.start(started)

    def _failed(self, id: str, error: Exception) -> None:
        text = _("an error in this program ({error}); the log has it").format(error=error)
        if pull := self._jobs.get(id):
            self._set(msgspec.structs.replace(pull, state="failed", error=text, speed=0.0))

    def _progressed(self, pull: Pull, to_disk: bool) -> None:
        """Hear of a running download."""
        place = self._jobs[pull.id].place
        self._set(msgspec.structs.replace(pull, place=place), to_disk=to_disk)
        if pull.state == "done":
            self._events.tell(Notice(_("{name} is here.").format(name=pull.name)))
            self._hosts.look(pull.host)
        elif pull.state == "failed":
            self._events.tell(Notice(f"{pull.name}: {pull.error}", "error"))

    def _set(self, pull: Pull, *, to_disk: bool = True) -> None:
        self._jobs[pull.id] = pull
        if to_disk:
            self._store.save(pull)
        self._events.tell(PullChanged(pull))
