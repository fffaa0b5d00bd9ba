"""Whatever a task does, the others go on, and all of them end."""

import asyncio
import inspect

import pytest

from tui.worker.supervisor import Supervisor


def unexpected(error: Exception) -> None:
    pytest.fail(str(error))


async def for_ever() -> None:
    await asyncio.Event().wait()


async def test_leaving_ends_every_task_and_those_they_start() -> None:
    ended: list[str] = []

    async def first() -> None:
        try:
            await for_ever()
        finally:
            ended.append("first")
            supervisor.start(second(), unexpected)
            await asyncio.sleep(0)

    async def second() -> None:
        try:
            await for_ever()
        finally:
            ended.append("second")

    async with asyncio.timeout(5):
        async with Supervisor() as supervisor:
            supervisor.start(first(), unexpected)
            await asyncio.sleep(0)
    assert ended in (["first"], ["first", "second"])


async def test_an_error_reaches_the_one_who_started_the_task() -> None:
    heard: list[Exception] = []

    async def burst() -> None:
        raise ZeroDivisionError("a bug")

    async with Supervisor() as supervisor:
        lasting = supervisor.start(for_ever(), unexpected, lasting=True)
        supervisor.start(burst(), heard.append)
        await supervisor.idle()
        assert [type(each) for each in heard] == [ZeroDivisionError]
        assert not lasting.done()
    assert lasting.cancelled()


async def test_idle_waits_for_what_work_starts_but_not_for_what_lasts() -> None:
    done: list[int] = []

    async def step(number: int) -> None:
        await asyncio.sleep(0)
        done.append(number)
        if number < 3:
            supervisor.start(step(number + 1), unexpected)

    async with Supervisor() as supervisor:
        supervisor.start(for_ever(), unexpected, lasting=True)
        supervisor.start(step(1), unexpected)
        await supervisor.idle()
        assert done == [1, 2, 3]


async def test_a_task_cancelled_before_it_begins_leaves_nothing_behind() -> None:
    async with Supervisor() as supervisor:
        work = for_ever()
        supervisor.start(work, unexpected).cancel()
        await supervisor.idle()
        assert inspect.getcoroutinestate(work) == inspect.CORO_CLOSED
