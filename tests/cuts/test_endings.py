"""Every way in which the program may be ended: at once, with all saved and nothing left behind."""

import json
import time
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from signal import SIGHUP, SIGTERM

import psutil
import pytest

from eventually import eventually, lives
from fake_ollama import FakeOllama
from multiplexers import needs_tmux, said, tmux
from ptyprocess import TUI
from ptyscreen import PLAIN
from soaking import rounds
from stored import answers
from terminal import Terminal

READY = "llama3.2:3b"
SOON = 1.0
"""Seconds that an ending may take."""
TRIES = 3
COUNT = rounds(1, 20)
ENGINE = find_spec("xllamacpp")

End = Callable[[Terminal], None]
SIGNALS: dict[str, End] = {
    "SIGTERM": lambda terminal: terminal.kill(SIGTERM),
    "SIGHUP": lambda terminal: terminal.kill(SIGHUP),
}
ENDS: dict[str, End] = SIGNALS | {"a closed window": Terminal.close}


@pytest.fixture
def story(fake: FakeOllama) -> FakeOllama:
    """A server that stops in the middle of its answer."""
    fake.reply = "Once upon a time"
    fake.hold.clear()
    return fake


async def begin(terminal: Terminal) -> None:
    """Have the program in the middle of an answer."""
    await terminal.until(READY)
    terminal.press("A story\r")
    await terminal.until("Once")


def is_kept(home: Path) -> None:
    """What had come of the answer is on disk, as an interrupted one."""
    (answer,) = answers(home)
    assert (answer.state, answer.content[:4]) == ("interrupted", "Once")
    assert not [*home.glob("data/sessions/*.journal")]


def tell(name: str, slowest: float) -> None:
    print(f"\n{name}, {COUNT} times: ended after {slowest * 1000:.0f} ms at most")


@pytest.mark.parametrize("name", ENDS)
async def test_it_ends_at_once_with_everything_saved(
    story: FakeOllama, tmp_path: Path, name: str
) -> None:
    slowest = 0.0
    for number in range(COUNT):
        home = tmp_path / str(number)
        async with Terminal("--host", story.url, home=home) as terminal:
            await begin(terminal)
            family = psutil.Process(terminal.pid).children(recursive=True)
            sent = time.monotonic()
            ENDS[name](terminal)
            await terminal.exit_code()
            slowest = max(slowest, time.monotonic() - sent)
        if name in SIGNALS:
            assert terminal.display.modes == PLAIN
            assert terminal.display.kitty == 0
        assert not [process for process in family if lives(process.pid)]
        is_kept(home)
    tell(name, slowest)
    assert slowest < SOON


@needs_tmux
@pytest.mark.parametrize("kill", [False, True], ids=["kill-server", "kill -9 of the server"])
async def test_a_tmux_that_goes_takes_it_along_with_everything_saved(
    story: FakeOllama, tmp_path: Path, *, kill: bool
) -> None:
    slowest = 0.0
    for number in range(COUNT):
        home = tmp_path / str(number)
        async with tmux(home) as call:
            command = call("new-session", *TUI)
            async with Terminal("--host", story.url, home=home, command=command) as terminal:
                await begin(terminal)
                asked = call("display-message", "-p", "#{pane_pid} #{pid}")
                program, server = map(int, (await said(*asked)).split())
                sent = time.monotonic()
                if kill:
                    psutil.Process(server).kill()
                else:
                    await said(*call("kill-server"))
                await eventually(partial(is_gone, program), "its end")
                slowest = max(slowest, time.monotonic() - sent)
                await terminal.exit_code()
        is_kept(home)
    tell("tmux's server " + ("killed by -9" if kill else "killed"), slowest)
    assert slowest < SOON


def is_gone(pid: int) -> bool:
    return not lives(pid)


@pytest.mark.skipif(not ENGINE, reason="the extra `local` is not installed")
@pytest.mark.parametrize("name", ENDS)
async def test_the_embedded_engine_ends_with_the_program(tmp_path: Path, name: str) -> None:
    took = [await _ended_with_its_engine(tmp_path, name)]
    while took[-1] >= SOON and len(took) < TRIES:  # other tests may have had the machine
        took.append(await _ended_with_its_engine(tmp_path, name))
    print(f"\n{name}: program and engine ended after {1000 * took[-1]:.0f} ms")
    assert took[-1] < SOON


async def _ended_with_its_engine(home: Path, name: str) -> float:
    """The seconds until both are gone."""
    async with Terminal("--host", "embedded", home=home) as terminal:
        await terminal.until("has no model yet", 60)
        engine = psutil.Process(json.loads((home / "state" / "engine.json").read_text())["pid"])
        assert engine.is_running()
        sent = time.monotonic()
        ENDS[name](terminal)
        await terminal.exit_code()
        await eventually(lambda: not lives(engine.pid), "the engine's end")
        return time.monotonic() - sent
