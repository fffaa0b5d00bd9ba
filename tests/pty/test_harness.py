"""The terminal that the other tests trust."""

import sys
from pathlib import Path
from signal import SIGKILL

import pytest

from ptybench import Program
from ptyline import Speed
from ptyscreen import PLAIN, Display
from terminal import Terminal

HELLO = (sys.executable, str(Path(__file__).parent.parent / "bench" / "hello.py"))


async def test_a_program_draws_is_typed_into_and_ends(tmp_path: Path) -> None:
    async with Terminal(home=tmp_path, command=HELLO) as terminal:
        await terminal.until("type here")
        assert {1049, 1000, 1006} <= terminal.display.modes
        terminal.press("typed")
        await terminal.until("typed")
        terminal.press("\x11")
        assert await terminal.exit_code() == 0
    assert terminal.display.modes == PLAIN
    assert terminal.display.kitty == 0


async def test_a_killed_program_is_told_by_its_exit_code_and_its_modes(tmp_path: Path) -> None:
    async with Terminal(home=tmp_path, command=HELLO) as terminal:
        await terminal.until("type here")
        terminal.kill(SIGKILL)
        assert await terminal.exit_code() == -9
    assert 1049 in terminal.display.modes


async def test_waiting_in_vain_shows_the_screen(tmp_path: Path) -> None:
    async with Terminal(home=tmp_path, command=HELLO) as terminal:
        await terminal.until("type here")
        with pytest.raises(AssertionError, match=r"still runs(.|\n)*type here"):
            await terminal.until("what is not there", seconds=0.1)


def test_sequences_cut_between_two_reads_are_put_together() -> None:
    display = Display(20, 3)
    for byte in b"a\x1b]0;title\x07b\x1b[?2004h\x1b[?u\x1b[6nc":
        display.feed(bytes([byte]))
    assert display.screen.text() == "abc\n\n"
    assert display.modes == PLAIN | {2004}


def test_questions_are_answered_in_their_order() -> None:
    display = Display(20, 3)
    answers = display.feed(b"\x1b[?2026$p\x1b[5n\x1b[c")
    assert answers == b"\x1b[?2026;2$y\x1b[0n\x1b[?62;22c"


def test_a_program_that_has_ended_takes_nothing_of_the_next(tmp_path: Path) -> None:
    flood = "import sys, time; sys.stdout.write('x' * 3000); sys.stdout.flush(); time.sleep(60)"
    # What the sender may hold is soon used up, so that its reader sleeps when the end comes.
    behind = Speed(rate=2000, buffer=1000)
    with Program((sys.executable, "-c", flood), home=tmp_path, speed=behind) as first:
        first.wait_for("xxx")
    counted = "import time\nfor n in range(100): print(n, flush=True); time.sleep(0.03)"
    with Program((sys.executable, "-c", counted), home=tmp_path, size=(20, 120)) as second:
        second.wait_until(lambda: not second.alive)
        second.settle()
        assert second.text.split() == [str(n) for n in range(100)]


def test_a_program_is_measured(tmp_path: Path) -> None:
    with Program(HELLO, home=tmp_path) as program:
        drawn = program.wait_for("type here") - program.started
        assert 0 < drawn < 20
        assert program.cpu() > 0
        assert program.rss() > 5
        assert sum(program.frames()) == program.total > 0
        (seen,) = program.echo_latency("ab", "c", gap=0)
        assert seen < 5
    assert not program.alive


def test_a_slow_line_brings_output_and_keys_late(tmp_path: Path) -> None:
    with Program(HELLO, home=tmp_path, speed=Speed(rate=50_000, delay=0.1)) as program:
        program.wait_for("type here")
        (seen,) = program.echo_latency("a", "b", gap=0)
        assert seen >= 0.2
