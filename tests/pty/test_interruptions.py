"""Answers that are cut off: nothing that came is lost, and the terminal is left as it was."""

import json
import time
from importlib.util import find_spec
from pathlib import Path
from signal import SIGHUP, SIGKILL, SIGTERM, Signals

import psutil
import pytest

from eventually import eventually, lives
from fake_ollama import FakeOllama
from ptyscreen import PLAIN
from stored import answers, sessions
from terminal import Terminal

READY = "llama3.2:3b"
QUIT = "\x11"
SOON = 1.0
"""Seconds that an ending may take."""


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


async def test_a_killed_program_shows_the_partial_answer_at_its_next_start(
    story: FakeOllama, tmp_path: Path
) -> None:
    async with Terminal("--host", story.url, home=tmp_path) as terminal:
        await begin(terminal)
        terminal.kill(SIGKILL)
        assert await terminal.exit_code() == -SIGKILL
    async with Terminal("--host", story.url, home=tmp_path) as terminal:
        await terminal.until("interrupted")
        assert terminal.has("Once")
        terminal.press(QUIT)
        assert await terminal.exit_code() == 0
    (answer,) = answers(tmp_path)
    assert (answer.state, answer.content[:4]) == ("interrupted", "Once")
    assert not [*tmp_path.glob("data/sessions/*.journal")]


@pytest.mark.parametrize("number", [SIGTERM, SIGHUP])
async def test_a_signal_ends_it_at_once_with_everything_saved(
    story: FakeOllama, tmp_path: Path, number: Signals
) -> None:
    async with Terminal("--host", story.url, home=tmp_path) as terminal:
        await begin(terminal)
        family = psutil.Process(terminal.pid).children(recursive=True)
        sent = time.monotonic()
        terminal.kill(number)
        await terminal.exit_code()
        assert time.monotonic() - sent < SOON
    assert terminal.display.modes == PLAIN
    assert terminal.display.kitty == 0
    assert not [process for process in family if lives(process.pid)]
    (answer,) = answers(tmp_path)
    assert (answer.state, answer.content[:4]) == ("interrupted", "Once")


@pytest.mark.skipif(not find_spec("xllamacpp"), reason="the extra `local` is not installed")
async def test_the_embedded_engine_ends_with_the_program(tmp_path: Path) -> None:
    note = tmp_path / "state" / "engine.json"
    async with Terminal("--host", "embedded", home=tmp_path) as terminal:
        await terminal.until("has no model yet", 60)
        engine = psutil.Process(json.loads(note.read_text())["pid"])
        assert engine.is_running()
        terminal.kill(SIGTERM)
        await terminal.exit_code()
    await eventually(lambda: not lives(engine.pid), "the engine's end")


async def test_a_closed_window_ends_it_with_everything_saved(
    story: FakeOllama, tmp_path: Path
) -> None:
    async with Terminal("--host", story.url, home=tmp_path) as terminal:
        await begin(terminal)
        sent = time.monotonic()
        terminal.close()
        await terminal.exit_code()
        assert time.monotonic() - sent < SOON
    (answer,) = answers(tmp_path)
    assert (answer.state, answer.content[:4]) == ("interrupted", "Once")


async def test_what_was_typed_and_not_sent_is_there_again(fake: FakeOllama, tmp_path: Path) -> None:
    async with Terminal("--host", fake.url, home=tmp_path) as terminal:
        await terminal.until(READY)
        terminal.press("a half-written thought")
        await terminal.until("a half-written thought")
        terminal.kill(SIGTERM)
        await terminal.exit_code()
    async with Terminal("--host", fake.url, home=tmp_path) as terminal:
        await terminal.until("a half-written thought")


async def test_a_server_that_dies_in_mid_answer_and_comes_back(
    story: FakeOllama, tmp_path: Path
) -> None:
    async with Terminal("--host", story.url, home=tmp_path) as terminal:
        await begin(terminal)
        await story.stop()
        await terminal.until("interrupted: ")
        assert terminal.has("Once")
        story.reply = "And they lived on."
        story.hold.set()
        async with story:
            terminal.press("And then?\r")
            await terminal.until("And they lived on.")
        terminal.press(QUIT)
        assert await terminal.exit_code() == 0
    first, second = answers(tmp_path)
    assert (first.state, second.state) == ("interrupted", "complete")
    assert first.error


async def test_no_server_at_the_start_is_said_in_words_and_mends_itself(
    fake: FakeOllama, tmp_path: Path
) -> None:
    fake.reply = "Hello again."
    await fake.stop()
    async with Terminal("--host", fake.url, home=tmp_path) as terminal:
        await terminal.until("No Ollama server answered")
        await terminal.until(str(fake.port))
        async with fake:
            terminal.press("r")
            await terminal.until(READY)
            terminal.press("Hi\r")
            await terminal.until("Hello again.")
        terminal.press(QUIT)
        assert await terminal.exit_code() == 0
    assert len(sessions(tmp_path)) == 1
