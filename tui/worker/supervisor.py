"""All tasks of the worker, in one TaskGroup, so that one bug costs one reply and not the others."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

log = logging.getLogger(__name__)

Failed = Callable[[Exception], None]


class Supervisor:
    """Starts tasks, catches what escapes them, and ends them all."""

    def __init__(self) -> None:
        self._group = asyncio.TaskGroup()
        self._tasks: set[asyncio.Task[None]] = set()
        self._lasting: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> "Supervisor":
        await self._group.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        while self._tasks:  # one that ends may start another
            for task in self._tasks:
                task.cancel()
            await asyncio.wait(self._tasks)
        await self._group.__aexit__(None, None, None)

    def start(
        self,
        work: Coroutine[Any, Any, None],
        failed: Failed,
        *,
        lasting: bool = False,
    ) -> asyncio.Task[None]:
        """Run `work`; `failed` hears of an error that it let through.

        `lasting` work (a watch, an attachment) has no end of its own: `idle` does not wait for it.
        """
        task = self._group.create_task(_guarded(work, failed))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(lambda _task: work.close())  # it may never have begun
        if lasting:
            self._lasting.add(task)
            task.add_done_callback(self._lasting.discard)
        return task

    async def idle(self) -> None:
        """Wait until nothing runs but what lasts."""
        while busy := self._tasks - self._lasting:
            await asyncio.wait(busy)


async def _guarded(work: Coroutine[Any, Any, None], failed: Failed) -> None:
    try:
        await work
    except Exception as error:  # the one place that catches what nobody foresaw
        log.exception("a task ended with an error nobody caught")
        asyncio.get_running_loop().call_soon(failed, error)  # whose own bugs cost no other task
