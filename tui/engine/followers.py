"""The programs that hold the engine: with `--follow` it ends when the last of them has left."""

import asyncio
import logging

_log = logging.getLogger(__name__)

_FIRST_SECONDS, _GRACE_SECONDS = 30.0, 0.05


class Followers:
    """Counts the attached programs."""

    def __init__(self) -> None:
        self._count = 0
        self._watched = False
        self._alone = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None

    def watch(self) -> None:
        """From now on somebody has to be attached: within 30 s, and then always."""
        self._watched = True
        self._end_in(_FIRST_SECONDS)

    async def left_alone(self) -> None:
        """Wait until the last program has left."""
        await self._alone.wait()

    def joined(self) -> None:
        """One more program is attached."""
        self._count += 1
        if self._timer:
            self._timer.cancel()

    def left(self) -> None:
        """A program has gone; another may just be attaching."""
        self._count -= 1
        if self._watched and not self._count:
            self._end_in(_GRACE_SECONDS)

    def _end_in(self, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(seconds, self._alone.set)
