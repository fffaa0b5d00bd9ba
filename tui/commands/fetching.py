"""Jobs of the download queue, shown until they have ended."""

import asyncio
import os
from argparse import Namespace
from collections.abc import Callable, Sequence
from typing import TextIO

import msgspec

from tui.commands.output import remark
from tui.commands.progress import Display, display_for
from tui.commands.services import FAILED, OK, Services
from tui.domain.hosts import HostAddress
from tui.domain.language import _
from tui.domain.names import BadModelName, ModelName, same_model
from tui.domain.pulls import ENDED, Kind, Pull
from tui.domain.session import new_id
from tui.domain.status import LOCAL
from tui.worker.download import Download
from tui.worker.events import Event, PullChanged, PullRemoved

_LOOK = 0.25
"""Seconds between two drawings."""


class Fetching:
    """Some jobs of one kind: begun, shown, and left in good order when the user goes."""

    def __init__(self, services: Services, display: Display, kind: Kind = "pull") -> None:
        self._services = services
        self._worker = services.worker
        self._display = display
        self._kind = kind
        self._jobs: dict[str, Pull] = {}
        self._tasks: list[asyncio.Task[None]] = []

    async def run(self, jobs: Sequence[Pull]) -> list[Pull]:
        """Bring jobs to their ends, each job as it ended."""
        forget = self._worker.events.subscribe(self._hear)
        try:
            await (self._queue(jobs) if self._in_queue() else self._directly(jobs))
            await self._ended()
        except asyncio.CancelledError:
            text = self._leave()
            self._close()
            if text:
                remark(text)
            raise
        finally:
            forget()
        self._close()
        return [*self._jobs.values()]

    def _close(self) -> None:
        self._display.show([*self._jobs.values()])
        self._display.close()

    def _in_queue(self) -> bool:
        """Whether other programs know the server by the same name, so that they may go on."""
        here = self._worker.hosts.address(LOCAL)
        usual = HostAddress.parse(os.environ.get("OLLAMA_HOST", ""))
        return self._services.host != LOCAL or here == usual

    async def _queue(self, jobs: Sequence[Pull]) -> None:
        """Put them into the queue; one that lies there already goes on instead."""
        await self._worker.errands.begin(lambda job: any(_same(job, each) for each in jobs))
        for job in jobs:
            own = self._add(job)
            self._jobs[own.id] = own
            if own.state == "paused":
                self._worker.pulls.resume(own.id)

    def _add(self, job: Pull) -> Pull:
        pulls = self._worker.pulls
        if job.kind == "create":
            for old in pulls.all():
                if _same(old, job):
                    pulls.remove(old.id)  # it was to be made of something else
            return pulls.create(job.name, job.request, job.blobs, job.host)
        return (pulls.push if job.kind == "push" else pulls.add)(job.name, job.host)

    async def _directly(self, jobs: Sequence[Pull]) -> None:
        """For a server that only this command line names, whom no other program could ask."""
        turns = asyncio.Semaphore(self._worker.pulls.at_once)

        async def fetch(job: Pull) -> None:
            async with turns:
                await Download(job, self._worker.hosts, self._heard).run()

        self._jobs = {job.id: job for job in jobs}
        self._tasks = [asyncio.create_task(fetch(job)) for job in jobs]

    async def _ended(self) -> None:
        while any(job.state not in ENDED for job in self._jobs.values()):
            self._display.show([*self._jobs.values()])
            await asyncio.sleep(_LOOK)
        await asyncio.gather(*self._tasks)

    def _heard(self, job: Pull, _to_disk: bool) -> None:
        self._jobs[job.id] = job

    def _hear(self, event: Event) -> None:
        if isinstance(event, PullChanged) and event.pull.id in self._jobs:
            self._jobs[event.pull.id] = event.pull
        elif isinstance(event, PullRemoved) and (job := self._jobs.get(event.pull_id)):
            error = _("it was taken out of the queue")
            self._jobs[job.id] = msgspec.structs.replace(job, state="failed", error=error)

    def _leave(self) -> str:
        """The user goes: what is there stays. The result tells how to go on."""
        for task in self._tasks:
            task.cancel()
        left = [job for job in self._jobs.values() if job.state not in ENDED]
        if not left or self._kind == "create":
            self._each(left, self._worker.pulls.remove)
            return ""
        if not self._tasks and not self._worker.errands.runs:
            return _("Another ollama-tui runs the queue and goes on with it.")
        self._each(left, self._worker.pulls.pause)
        text = _("Stopped; what is there is kept. ollama-tui {what} {names} goes on.")
        return text.format(what=self._kind, names=" ".join(job.name for job in left))

    def _each(self, jobs: Sequence[Pull], change: Callable[[str], None]) -> None:
        for job in jobs if not self._tasks else ():
            change(job.id)


async def fetch(
    names: Sequence[str], services: Services, stream: TextIO, *, insecure: bool = False
) -> bool:
    """Download models; whether all are there."""
    options = Namespace(json=False, insecure=insecure)
    return await transfer("pull", names, services, options, stream) == OK


async def transfer(
    kind: Kind, names: Sequence[str], services: Services, options: Namespace, stream: TextIO
) -> int:
    """Pull or push several models; a bad name, or one that fails, stops no other."""
    jobs, wrong = [], 0
    for name in dict.fromkeys(names):
        try:
            jobs.append(job_of(kind, name, services.host, insecure=options.insecure))
        except BadModelName as error:
            remark(str(error))
            wrong += 1
    fetching = Fetching(services, display_for(stream, json=options.json), kind)
    ended = await fetching.run(jobs) if jobs else []
    bad = [job for job in ended if job.state == "failed"]
    for job in bad:
        remark(f"{job.name}: {job.error}")
    if len(names) > 1 and not options.json:
        text = _("{done} done, {failed} failed")
        count = len(bad) + wrong
        stream.write(text.format(done=len(ended) - len(bad), failed=count) + "\n")
    return FAILED if bad or wrong else OK


def job_of(kind: Kind, name: str, host: str, *, insecure: bool = False) -> Pull:
    """A job that is in no queue yet. Raises BadModelName."""
    asked = ModelName.parse(name)
    plain = insecure or asked.scheme == "http"
    return Pull(
        id=new_id(), kind=kind, name=f"http://{asked.short}" if plain else asked.short, host=host
    )


def _same(one: Pull, other: Pull) -> bool:
    return (one.kind, one.host) == (other.kind, other.host) and same_model(one.name, other.name)
