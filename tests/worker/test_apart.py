import asyncio
import socket
import threading
from functools import partial
from pathlib import Path

import pytest

from program import Program
from tui.worker.apart import apart


async def test_what_is_read_apart_is_found() -> None:
    assert await apart(lambda: "found", 1) == "found"


async def test_what_goes_wrong_apart_is_raised() -> None:
    def fail() -> None:
        raise FileNotFoundError("gone")

    with pytest.raises(FileNotFoundError):
        await apart(fail, 1)


async def test_a_disk_that_does_not_answer_is_not_waited_for() -> None:
    answered = threading.Event()
    with pytest.raises(TimeoutError):
        await apart(answered.wait, 0.02)
    [thread] = [each for each in threading.enumerate() if each.name == "apart"]
    assert thread.daemon
    answered.set()
    thread.join()


def test_a_name_that_no_server_answers_for_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, answered = threading.Semaphore(0), threading.Event()

    def look_up(*_asked: object, **_further: object) -> list[object]:
        asked.release()
        answered.wait(30)
        return []

    async def ask_and_leave() -> None:
        names = {f"box{n}": f"http://box{n}.test:11434" for n in range(40)}
        async with Program(tmp_path / "home", 2, **names) as program:
            program.worker.start()
            for _each in names:
                assert await apart(partial(asked.acquire, timeout=10), 10)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    asyncio.run(ask_and_leave())
    answered.set()
    for each in [each for each in threading.enumerate() if each.name == "apart"]:
        each.join()
