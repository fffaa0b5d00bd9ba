"""The download queue: what waits, what runs, and in which order."""

import asyncio
from collections.abc import Mapping
from typing import Any

import msgspec

from tui.domain import clock
from tui.domain.language import _
from tui.domain.names import ModelName
from tui.domain.pulls import ACTIVE, ENDED, Kind, Pull
from tui.domain.session import new_id
from tui.domain.wishes import Wish
from tui.store.jobs import JobStore
from tui.worker.endings import Endings
from tui.worker.events import Events
from tui.worker.hosts import Hosts
from tui.worker.planning import Planner
from tui.worker.plans import Plans
from tui.worker.queue import Queue
from tui.worker.running import RunningDownloads
from tui.worker.supervisor import Supervisor

_LOOK = 1.0
"""Seconds between looks at what other programs put into the queue."""


class Pulls:
    """Runs the jobs. One program does; others add to the queue, follow it, and leave wishes."""

    def __init__(
        self,
        store: JobStore,
        hosts: Hosts,
        planner: Planner,
        events: Events,
        supervisor: Supervisor,
    ) -> None:
        self._store = store
        self._hosts = hosts
        self._running = RunningDownloads(
            hosts, supervisor, self._progressed, self._failed, self._start_next
        )
        self._queue = Queue(store, events)
        self._endings = Endings(events)
        self._plans = Plans(planner, self._queue, self._running, events, supervisor)
        self._looking = asyncio.Lock()
        self._at_once = 2
        self._runs = self._follows = False

    @property
    def at_once(self) -> int:
        """How many run at the same time on each host."""
        return self._at_once

    @at_once.setter
    def at_once(self, count: int) -> None:
        self._at_once = max(count, 1)
        if self._follows:
            self._ours(Wish(kind="count", by=self._at_once))
        self._start_next()

    @property
    def active(self) -> list[Pull]:
        """Those that run now."""
        return [pull for pull in self.all() if pull.state in ACTIVE]

    def all(self) -> list[Pull]:
        """Every job in the order of the queue."""
        return self._queue.all()

    def add(self, name: str, host: str | None = None) -> Pull:
        """Queue a pull, unless it is in the queue already. Raises BadModelName."""
        return self._add("pull", name, host)

    def push(self, name: str, host: str | None = None) -> Pull:
        """Queue the upload of a model to its registry. Raises BadModelName."""
        return self._add("push", name, host)

    def create(
        self,
        name: str,
        request: Mapping[str, Any],
        blobs: Mapping[str, str],
        host: str | None = None,
    ) -> Pull:
        """Queue the making of a model. Raises BadModelName.

        `request` is the body of `/api/create`, `blobs` the paths of the files it needs, by digest.
        """
        return self._add("create", name, host, request=dict(request), blobs=dict(blobs))

    def _add(self, kind: Kind, name: str, host: str | None, **more: Any) -> Pull:  # noqa: ANN401 - any field
        asked = ModelName.parse(name).asked
        host = host or self._hosts.current
        if same := self._queue.same(kind, asked, host):
            return same
        job = Pull(id=new_id(), kind=kind, name=asked, host=host, created_at=clock.now(), **more)
        self._queue.append(job.noted(clock.now(), _("queued")))
        self._start_next()
        return self._queue.get(job.id) or job

    def pause(self, id: str) -> None:
        """Stop a job for now; the server keeps what it has."""
        pull = self._queue.get(id)
        if pull is None or pull.state in ENDED or not self._ours(Wish(kind="pause", job=id)):
            return
        self._running.cancel(id)
        paused = msgspec.structs.replace(pull, state="paused", speed=0.0)
        self._queue.put(paused.noted(clock.now(), _("paused")))
        self._start_next()

    def resume(self, id: str) -> None:
        """Let a paused or failed job go on where it was."""
        pull = self._queue.get(id)
        if pull is None or pull.state in (*ACTIVE, "queued"):
            return
        if self._ours(Wish(kind="resume", job=id)):
            again = msgspec.structs.replace(pull, state="queued", error="", ended_at=None)
            self._plans.forget(id)
            self._queue.put(again.noted(clock.now(), _("queued again")))
            self._start_next()

    retry = resume

    def remove(self, id: str) -> None:
        """Take a job out of the queue, ending it if it runs."""
        if self._ours(Wish(kind="remove", job=id)):
            self._running.cancel(id)
            self._queue.remove(id)
            self._start_next()

    def clear(self) -> None:
        """Take out what is done or has failed."""
        for pull in self.all():
            if pull.state in ENDED:
                self.remove(pull.id)

    def move(self, id: str, by: int) -> None:
        """Move a job in the queue; a negative number lets it run earlier."""
        if self._ours(Wish(kind="move", job=id, by=by)):
            self._queue.move(id, by)

    def end_all(self) -> None:
        """The program ends: what is there of every job is noted, and the next one goes on."""
        self._runs = False
        for pull in self.active:
            self._store.save(pull)

    def leave(self) -> None:
        """All is written: another program may run the queue now."""
        self._store.lock.release()

    async def watch(self) -> None:
        """Go on looking at the queue."""
        while True:
            await self.look()
            await asyncio.sleep(_LOOK)

    async def look(self) -> None:
        """Run the queue if no other program does; else follow it, and take over when that ends."""
        async with self._looking:
            if not self._runs and self._store.lock.take():
                await self._queue.take_over()
                self._runs = True
            self._follows = not self._runs
            await self._queue.learn(ours=self._runs)
            if self._runs:
                await self._obey()
            self._start_next()

    async def _obey(self) -> None:
        """Do what programs that follow the queue wished."""
        jobs = {"pause": self.pause, "resume": self.resume, "remove": self.remove}
        for wish in await asyncio.to_thread(self._store.wishes):
            if wish.kind == "move":
                self.move(wish.job, wish.by)
            elif wish.kind == "count":
                self.at_once = wish.by
            else:
                jobs[wish.kind](wish.job)

    def _ours(self, wish: Wish) -> bool:
        """Whether the jobs are ours to change; if not, the program that runs them is asked."""
        ours = self._store.lock.take()
        if not ours:
            self._store.wish(wish)
        return ours

    def _start_next(self) -> None:
        for pull in self.all() if self._runs else ():
            if pull.state in (*ACTIVE, "queued"):
                self._plans.find_out(pull)
            if pull.state == "queued" and self._running.count(pull.host) < self._at_once:
                self._start(pull)

    def _start(self, pull: Pull) -> None:
        started = msgspec.structs.replace(
            pull,
            state="downloading",
            started_at=pull.started_at or clock.now(),
            check_speed=pull.check_speed or self._queue.check_speed(pull.host),
        ).noted(clock.now(), _("started"))
        self._queue.put(started)
        self._running.start(started)

    def _failed(self, id: str, error: Exception) -> None:
        text = _("an error in this program ({error}); the log has it").format(error=error)
        if pull := self._queue.get(id):
            self._queue.put(msgspec.structs.replace(pull, state="failed", error=text, speed=0.0))

    def _progressed(self, pull: Pull, to_disk: bool) -> None:
        """Hear of a running job."""
        known = self._queue.get(pull.id)
        place = known.place if known else pull.place
        self._queue.put(msgspec.structs.replace(pull, place=place), to_disk=to_disk)
        if pull.state in ENDED:
            coming = any(each.state in (*ACTIVE, "queued") for each in self.all())
            self._hosts.look(pull.host)
            self._endings.tell(pull, is_last=not coming)
