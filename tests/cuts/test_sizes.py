"""Windows of every size, pulled about while an answer streams."""

import random
from pathlib import Path

import pytest

from fake_ollama import FakeOllama
from soaking import clock, rounds
from stored import answers
from terminal import Terminal

READY = "llama3.2:3b"
STEPS = rounds(40, 2000)
PAIRS = rounds(15, 500)
PLAIN = (100, 30)
FRAME = 2026
"""The mode that is on while a frame is being painted."""


async def ask(terminal: Terminal, fake: FakeOllama) -> None:
    fake.tokens, fake.tps, fake.marker = 400, 200, "This is the end."
    await terminal.until(READY)
    terminal.press("A story\r")
    await terminal.until(lambda: fake.replies)


def fits(terminal: Terminal) -> bool:
    """Whether the program knows the size, has heard the answer's end and the server's state."""
    first, *_others, last = terminal.text.split("\n")
    if FRAME in terminal.display.modes:
        return False
    said = len(first) == PLAIN[0] - 1 and "VRAM" in first and last.startswith(" esc browse")
    return said and all(terminal.has(text) for text in ("still here", "/4.1k ─"))


async def is_right(terminal: Terminal, home: Path) -> None:
    """At a plain size the answer's end is there, keys work, and painting anew changes nothing."""
    terminal.resize(*PLAIN)
    await terminal.until("This is the end.", 60)
    terminal.press("still here")
    await terminal.until(lambda: fits(terminal), 60)
    terminal.press(".")  # what is asked for is painted after all that was
    await terminal.until(lambda: terminal.has("still here.") and fits(terminal))
    shown = terminal.text
    terminal.resize(PLAIN[0], PLAIN[1] + 1)
    terminal.resize(*PLAIN)
    terminal.press("\x0c")
    await terminal.until(lambda: terminal.text == shown)
    terminal.press("\x15\x11")
    assert await terminal.exit_code() == 0
    (answer,) = answers(home)
    assert answer.state == "complete"


@pytest.mark.parametrize("size", [(1, 1), (2, 2), (40, 15), (300, 100)])
async def test_an_answer_streams_into_a_window_of_any_size(
    fake: FakeOllama, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with Terminal("--host", fake.url, home=tmp_path, size=PLAIN) as terminal:
        await ask(terminal, fake)
        terminal.resize(*size)
        tell = clock()
        await terminal.until(lambda: answers(tmp_path))
        tell(f"an answer of {fake.tokens} tokens in a window of {size[0]} x {size[1]}")
        await is_right(terminal, tmp_path)


async def test_a_storm_of_sizes_while_an_answer_streams(fake: FakeOllama, tmp_path: Path) -> None:
    chance = random.Random(STEPS)
    async with Terminal("--host", fake.url, home=tmp_path, size=PLAIN) as terminal:
        await ask(terminal, fake)
        tell = clock()
        for _step in range(STEPS):
            terminal.resize(chance.randint(1, 300), chance.randint(1, 100))
            await terminal.more(30)
        tell(f"{STEPS} sizes, each painted, while an answer streams")
        await is_right(terminal, tmp_path)


async def test_a_size_that_was_there_for_a_moment_leaves_nothing_behind(
    fake: FakeOllama, tmp_path: Path
) -> None:
    async with Terminal("--host", fake.url, home=tmp_path, size=PLAIN) as terminal:
        await terminal.until("enter sends")
        for _pair in range(PAIRS):
            terminal.resize(PLAIN[0], PLAIN[1] + 1)
            terminal.resize(*PLAIN)
            await terminal.until(lambda: has_both_ends(terminal))
        terminal.press("\x11")
        assert await terminal.exit_code() == 0


def has_both_ends(terminal: Terminal) -> bool:
    first, *_others, last = terminal.text.split("\n")
    return first.startswith(" 1 Chats") and last.startswith(" esc browse")
