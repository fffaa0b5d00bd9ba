"""One job while it runs: its speed, its stalls, its restarts."""

import asyncio
import re
import time
from collections import deque
from collections.abc import Callable
from contextlib import aclosing

import msgspec

from tui.api.errors import Interrupted, ModelNotFound, OllamaError, ServerError, Unreachable
from tui.domain import clock
from tui.domain.language import _
from tui.domain.pulls import Progress, Pull, State
from tui.domain.units import size
from tui.worker.hosts import Hosts
from tui.worker.jobs import patience, reports

TELL = 0.5
"""Seconds between two tellings of progress; the server reports every 60 ms."""
SAVE = 5.0
"""Seconds between two savings of progress."""
PAUSE = 0.5
"""Seconds before the server is asked again; twice as long each time that brought no byte."""
_DIGEST = re.compile(r"(sha256:[0-9a-f]{12})[0-9a-f]{52}")
"""A digest, and what of it is enough to tell it from others."""
_MEASURABLE = 50_000_000
"""Bytes that tell something of the speed at which digests are checked."""
_AT_HAND = 0.005
"""Seconds within which a line comes that had arrived before."""
_SPEED_WINDOW = 10.0
_FRUITLESS, _BEGUN = 6, 20
"""Attempts in a row that brought no byte after which it is given up: for one that never brought
any, and for one that did, whose server may only be starting anew."""
_DOUBLINGS = 7
"""How often the pause between attempts doubles: to about a minute."""


_PASSING = ("max retries exceeded", "connection refused", "connection reset", "timeout", "eof")
"""What a server says when it is its registry that went away."""


class Stalled(OllamaError):
    """No byte came for longer than the job's kind lets one expect."""

    def __init__(self, seconds: float) -> None:
        super().__init__(_("no bytes for {n} s").format(n=int(seconds)))


class Download:
    """Runs one job; a lost connection or a stall is answered by asking again."""

    def __init__(self, pull: Pull, hosts: Hosts, told: Callable[[Pull, bool], None]) -> None:
        self.pull = pull
        """As it stands."""
        self._hosts = hosts
        self._told = told
        """Called with the pull, and whether it is worth saving."""
        self._points: deque[tuple[float, int]] = deque()
        self._part = ""
        """The layer that was reported last in this attempt."""
        self._had = self._gained = 0
        """Bytes that are there of that layer, and all that came while it was looked at."""
        self._told_at = self._saved_at = self._moved_at = self._checking_since = 0.0
        self._patience = patience(pull.kind)
        self._best = 0
        self._fruitless = 0

    async def run(self) -> None:
        """Pull until it is done or has failed."""
        try:
            # The pause between attempts is a back-off: there is nothing to be woken by.
            while not await self._arrived():  # noqa: ASYNC110
                await asyncio.sleep(PAUSE * 2 ** min(self._fruitless, _DOUBLINGS))
        except ModelNotFound as error:
            from tui.worker.suggesting import did_you_mean

            self._end("failed", f"{error} {did_you_mean(self.pull.name)}".rstrip())
        except OllamaError as error:
            self._end("failed", str(error))
        else:
            self._end("done")

    async def _arrived(self) -> bool:
        """Ask once. False if it broke off and is worth asking again. Raises OllamaError."""
        best = self._best
        try:
            await self._attempt()
        except (Stalled, Interrupted, Unreachable, ServerError) as error:
            begun = self.pull.completed > self.pull.present
            if isinstance(error, ServerError) and not (begun and _passes(error)):
                raise
            self._fruitless = 0 if self._best > best else self._fruitless + 1
            if self._fruitless > (_BEGUN if begun else _FRUITLESS):
                raise
            self._note_restart(error)
            return False
        return True

    async def _attempt(self) -> None:
        client = await self._hosts.client(self.pull.host)
        self._points.clear()
        self._part = ""
        self._moved_at = asyncio.get_running_loop().time()
        coming = reports(client, self.pull)
        async with aclosing(coming):
            while True:
                asked = time.monotonic()
                try:
                    async with asyncio.timeout(self._silence()):
                        progress = await anext(coming, None)
                except TimeoutError as error:
                    raise Stalled(self._silence()) from error
                if progress is None:
                    return
                self._take(progress)
                if time.monotonic() - asked > _AT_HAND:
                    await asyncio.sleep(TELL)  # lines that come together cost less

    def _silence(self) -> float:
        """How long to wait for something new."""
        checking = self.pull.state == "verifying"
        return self._patience.checking if checking else self._patience.moving

    def _take(self, progress: Progress) -> None:
        moment = asyncio.get_running_loop().time()
        before = self.pull
        self.pull = before.after(progress)
        completed = self.pull.completed
        if completed != before.completed or self.pull.status != before.status:
            self._moved_at = moment
        elif moment - self._moved_at > self._silence():
            raise Stalled(self._silence())
        self._best = max(self._best, completed)
        self._measure(moment)
        if progress.status != before.status:
            self._measure_check(moment, before.status)
            self._note_step(progress.status)
        if self.pull.state != before.state or moment - self._told_at >= TELL:
            self._told_at = moment
            save = moment - self._saved_at >= SAVE
            self._saved_at = moment if save else self._saved_at
            self._told(self.pull, save)

    def _note_step(self, status: str) -> None:
        """The steps of a create are its story."""
        if self.pull.kind == "create" and status not in ("", "success"):
            self.pull = self.pull.noted(clock.now(), status)

    def _measure_check(self, moment: float, status: str) -> None:
        """How fast the server checked digests, once that is over: an estimate for the next."""
        fresh, took = self.pull.total - self.pull.present, moment - self._checking_since
        if status.startswith("verifying sha256") and fresh >= _MEASURABLE and took > 0:
            self.pull = msgspec.structs.replace(self.pull, check_speed=fresh / took)
        self._checking_since = moment

    def _measure(self, moment: float) -> None:
        """Speed over the last 10 s, of what came and not of what turned out to be there.

        A fall (the server rolled a part back) begins it anew.
        """
        same, self._part = self._part == self.pull.current, self.pull.current
        had, self._had = self._had, self.pull.layer[1].completed if self.pull.layer else 0
        gained = self._had - had if same else 0
        if gained < 0:
            self._points.clear()
        self._gained += max(gained, 0)
        self._points.append((moment, self._gained))
        while moment - self._points[0][0] > _SPEED_WINDOW:
            self._points.popleft()
        (since, first), span = self._points[0], moment - self._points[0][0]
        speed = (self._gained - first) / span if span > 0 and since < moment else 0.0
        self.pull = msgspec.structs.replace(self.pull, speed=speed)

    def _note_restart(self, error: OllamaError) -> None:
        why = str(error) if isinstance(error, Stalled) else _("the connection was lost")
        why = _("the registry was lost") if isinstance(error, ServerError) else why
        text = _("{why}; asked again at {size}")
        note = text.format(why=why, size=size(self.pull.completed))
        restarts = self.pull.restarts + 1
        again = msgspec.structs.replace(self.pull, restarts=restarts, speed=0.0)
        self.pull = again.noted(clock.now(), note)
        self._told(self.pull, True)

    def _end(self, state: State, error: str = "") -> None:
        error = _DIGEST.sub(r"\1…", error)
        ended = msgspec.structs.replace(
            self.pull,
            state=state,
            error=error,
            speed=0.0,
            ended_at=clock.now(),
        )
        self.pull = ended.noted(clock.now(), error or _("done"))
        self._told(self.pull, True)


def _passes(error: ServerError) -> bool:
    """Whether it is worth asking again: the server keeps what it has of the files."""
    return any(each in error.words.lower() for each in _PASSING)
