"""One pull while it runs: its speed, its stalls, its restarts."""

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import aclosing

import msgspec

from tui.api.errors import Interrupted, OllamaError, Unreachable
from tui.domain import clock
from tui.domain.language import _
from tui.domain.pulls import Progress, Pull, State
from tui.domain.units import size
from tui.worker.hosts import Hosts

TELL = 0.25
"""Seconds between two tellings of progress; the server reports every 60 ms."""
SAVE = 5.0
"""Seconds between two savings of progress."""
STALL = 30.0
"""Seconds without a new byte after which the server is asked again."""
PAUSE = 0.5
"""Seconds before the server is asked again; twice as long each time that brought no byte."""
_VERIFY = 3600.0
"""Seconds that checking a digest may take: nothing is reported meanwhile."""
_SPEED_WINDOW = 10.0
_FRUITLESS = 6
"""Attempts in a row that brought no byte after which it is given up."""


class Stalled(OllamaError):
    """No byte came for half a minute."""


class Download:
    """Pulls one model; a lost connection or a stall is answered by asking again."""

    def __init__(self, pull: Pull, hosts: Hosts, told: Callable[[Pull, bool], None]) -> None:
        self._pull = pull
        self._hosts = hosts
        self._told = told
        """Called with the pull, and whether it is worth saving."""
        self._points: deque[tuple[float, int]] = deque()
        self._told_at = self._saved_at = self._moved_at = 0.0
        self._best = 0
        self._fruitless = 0

    async def run(self) -> None:
        """Pull until it is done or has failed."""
        try:
            # The pause between attempts is a back-off: there is nothing to be woken by.
            while not await self._arrived():  # noqa: ASYNC110
                await asyncio.sleep(PAUSE * 2**self._fruitless)
        except OllamaError as error:
            self._end("failed", str(error))
        else:
            self._end("done")

    async def _arrived(self) -> bool:
        """Ask once. False if it broke off and is worth asking again. Raises OllamaError."""
        best = self._best
        try:
            await self._attempt()
        except (Stalled, Interrupted, Unreachable) as error:
            self._fruitless = 0 if self._best > best else self._fruitless + 1
            if self._fruitless > _FRUITLESS:
                raise
            self._note_restart(error)
            return False
        return True

    async def _attempt(self) -> None:
        client = await self._hosts.client(self._pull.host)
        insecure = self._pull.name.startswith("http://")
        name = self._pull.name.removeprefix("http://")
        self._points.clear()
        self._moved_at = asyncio.get_running_loop().time()
        reports = client.pull(name, insecure=insecure)
        async with aclosing(reports):
            while True:
                try:
                    async with asyncio.timeout(self._patience()):
                        progress = await anext(reports, None)
                except TimeoutError as error:
                    raise Stalled(_("no bytes for {n} s").format(n=int(STALL))) from error
                if progress is None:
                    return
                self._take(progress)

    def _patience(self) -> float:
        """How long to wait for the next line."""
        return _VERIFY if self._pull.state == "verifying" else STALL

    def _take(self, progress: Progress) -> None:
        moment = asyncio.get_running_loop().time()
        before = self._pull
        self._pull = before.after(progress)
        completed = self._pull.completed
        if completed != before.completed or self._pull.status != before.status:
            self._moved_at = moment
        elif moment - self._moved_at > self._patience():
            raise Stalled(_("no bytes for {n} s").format(n=int(STALL)))
        self._best = max(self._best, completed)
        self._measure(moment, completed)
        if self._pull.state != before.state or moment - self._told_at >= TELL:
            self._told_at = moment
            save = moment - self._saved_at >= SAVE
            self._saved_at = moment if save else self._saved_at
            self._told(self._pull, save)

    def _measure(self, moment: float, completed: int) -> None:
        """Speed over the last 10 s; a fall (the server rolled a part back) begins it anew."""
        if self._points and completed < self._points[-1][1]:
            self._points.clear()
        self._points.append((moment, completed))
        while moment - self._points[0][0] > _SPEED_WINDOW:
            self._points.popleft()
        (since, first), span = self._points[0], moment - self._points[0][0]
        speed = (completed - first) / span if span > 0 and since < moment else 0.0
        self._pull = msgspec.structs.replace(self._pull, speed=speed)

    def _note_restart(self, error: OllamaError) -> None:
        note = _("{why}; asked again at {size}").format(
            why=error if isinstance(error, Stalled) else _("the connection was lost"),
            size=size(self._pull.completed),
        )
        restarts = self._pull.restarts + 1
        again = msgspec.structs.replace(self._pull, restarts=restarts, speed=0.0)
        self._pull = again.noted(clock.now(), note)
        self._told(self._pull, True)

    def _end(self, state: State, error: str = "") -> None:
        ended = msgspec.structs.replace(
            self._pull,
            state=state,
            error=error,
            speed=0.0,
            ended_at=clock.now(),
        )
        self._pull = ended.noted(clock.now(), error or _("done"))
        self._told(self._pull, True)
