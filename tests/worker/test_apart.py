import threading

import pytest

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
