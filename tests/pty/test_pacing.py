"""The program and the line to its terminal: slow ones, dumb ones, and those that stand still."""

import time
from pathlib import Path
from signal import SIGTERM

import pytest

from eventually import eventually
from fake_ollama import FakeOllama
from ptybench import Program
from ptyline import Speed
from ptyprocess import TUI
from served import served
from stored import answers
from terminal import Terminal

END = "This is the end."
ASKED = b"\x1b[5n"


@pytest.fixture
def story(fake: FakeOllama) -> FakeOllama:
    fake.tokens, fake.tps, fake.marker = 600, 0, END
    return fake


def written(home: Path) -> bool:
    return [answer.state for answer in answers(home)] == ["complete"]


async def test_a_terminal_that_answers_nothing_shows_it_all(
    story: FakeOllama, tmp_path: Path
) -> None:
    async with Terminal("--host", story.url, home=tmp_path, mute=True) as terminal:
        await terminal.until("llama3.2:3b")
        terminal.press("Hi\r")
        await terminal.until(END)
        terminal.press("\x11")
        assert await terminal.exit_code() == 0
        assert ASKED in terminal.output


async def test_a_terminal_that_takes_nothing_holds_nothing_up(
    story: FakeOllama, tmp_path: Path
) -> None:
    story.tps = 300
    async with Terminal("--host", story.url, home=tmp_path) as terminal:
        await terminal.until("llama3.2:3b")
        terminal.press("Hi\r")
        terminal.hold()
        await eventually(lambda: written(tmp_path), "the whole answer on disk", 20)
        terminal.go_on()
        await terminal.until(END)
        terminal.press("still here")
        await terminal.until("still here")


async def test_with_a_terminal_that_takes_nothing_it_still_ends_at_once(
    story: FakeOllama, tmp_path: Path
) -> None:
    story.tps = 300
    async with Terminal("--host", story.url, home=tmp_path) as terminal:
        await terminal.until("llama3.2:3b")
        terminal.press("Hi\r")
        terminal.hold()
        await eventually(lambda: written(tmp_path), "the whole answer on disk", 20)
        began = time.monotonic()
        terminal.kill(SIGTERM)
        await eventually(lambda: not terminal.lives, "its end")
        assert time.monotonic() - began < 2.0


@pytest.mark.parametrize("setting", ["auto", "low", "full", "4000"])
async def test_every_setting_shows_it_all(story: FakeOllama, tmp_path: Path, setting: str) -> None:
    value = setting if setting.isdecimal() else f'"{setting}"'
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "config.toml").write_text(f"bandwidth = {value}\n")
    async with Terminal("--host", story.url, home=tmp_path) as terminal:
        await terminal.until("llama3.2:3b")
        terminal.press("Hi\r")
        await terminal.until(END)
        assert (ASKED in terminal.output) == (setting in ("auto", "low"))


def test_over_a_slow_line_keys_show_while_an_answer_comes(tmp_path: Path) -> None:
    knobs = ("--tokens", "300", "--tps", "100", "--marker", END)
    with (
        served(*knobs) as url,
        Program([*TUI, "--host", url], home=tmp_path, speed=Speed(4_000, 0.05)) as program,
    ):
        program.wait_for("Ask anything")
        program.settle(1.0)
        program.send("Hi\r")
        echoes = program.echo_latency("q", "wertyuiop")
        program.wait_for(END)
        program.settle(1.0)
        shown = program.text
        program.send("\x0c")
        program.settle(1.0)
        assert program.text == shown
        assert sorted(echoes)[len(echoes) // 2] < 1.0
