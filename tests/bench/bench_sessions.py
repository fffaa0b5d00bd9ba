"""What a long session costs, and many of them: next to nothing."""

import statistics
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from homes import conversation
from ptybench import Program
from ptyprocess import TUI

NOBODY = "http://127.0.0.1:9"
LONG = 10_000
MANY = 2000
ROUNDS = 5
DEAREST_OPENING = 0.3
"""Seconds of CPU that opening a long session may take beyond opening an empty one."""
MOST_MEMORY = 80.0
NOISE = 1.3
"""Ratios below it mean nothing on a machine that does other things, too."""
WHEEL = ("\x1b[<64;50;9M", "\x1b[<65;50;9M")
PAGES = ("\x1b[5~", "\x1b[6~")


class Home:
    """Someone's conversations, one of them of a given length."""

    def __init__(self, folder: Path, messages: int, others: int = 0) -> None:
        self._folder = folder
        for _ in range(others):
            conversation(folder, 4)
        self._session = conversation(folder, messages)
        self._shown = "That is all." if messages else "Talk of 0"
        with self.opened() as program:  # once, so that the index is there
            program.settle(3.0)
            program.send("\x11")
            program.wait_until(lambda: not program.alive)

    def opened(self) -> Program:
        """The program with the conversation on its screen."""
        command = [*TUI, "--host", NOBODY, "--session", self._session]
        program = Program(command, home=self._folder, COLORTERM="")
        program.wait_for(self._shown)
        return program

    def starting(self, quiet: float = 0.0) -> float:
        """Seconds of CPU until a key shows; with `quiet`, until all is done."""
        with self.opened() as program:
            program.send("xyz")
            program.wait_for("xyz")
            if quiet:
                program.settle(quiet)
            return program.cpu()

    def scrolling(self, up: str, down: str) -> float:
        """Milliseconds of CPU a step."""
        with self.opened() as program:
            program.send("\x1b")
            program.settle()
            # One up, one down: a short session has no second page to go to.
            keys = [key for _ in range(20) for key in (up, down)]
            spent = program.spending()
            for key in keys:
                program.send(key)
                program.run_for(0.05)
            program.settle()
            return 1000 * spent().cpu / len(keys)


def in_turns(costs: Sequence[Callable[[], float]]) -> list[float]:
    """The median of each."""
    rounds = [[cost() for cost in costs] for _ in range(ROUNDS)]
    return [statistics.median(column) for column in zip(*rounds, strict=True)]


def test_a_long_session_opens_as_an_empty_one(tmp_path: Path) -> None:
    empty, long = Home(tmp_path / "empty", 0), Home(tmp_path / "long", LONG)
    costs = in_turns([lambda: empty.starting(1.0), lambda: long.starting(1.0)])
    with long.opened() as program:
        program.settle(1.0)
        memory = program.rss()
    print(f"\nopening: {costs[0]:.2f} s CPU, {LONG} messages {costs[1]:.2f} s; {memory:.0f} MiB")
    assert costs[1] - costs[0] <= DEAREST_OPENING
    assert memory <= MOST_MEMORY


def test_scrolling_costs_the_same_in_a_long_session(tmp_path: Path) -> None:
    short, long = Home(tmp_path / "short", 10), Home(tmp_path / "long", LONG)
    for name, keys in (("a step of the wheel", WHEEL), ("a page", PAGES)):
        costs = in_turns([partial(home.scrolling, *keys) for home in (short, long)])
        print(f"\n{name}: {costs[0]:.1f} ms CPU, of {LONG} messages {costs[1]:.1f} ms")
        assert costs[1] <= NOISE * costs[0]


def test_it_starts_alike_however_many_sessions_there_are(tmp_path: Path) -> None:
    one, many = Home(tmp_path / "one", 4), Home(tmp_path / "many", 4, others=MANY - 1)
    costs = in_turns([one.starting, many.starting])
    print(f"\nstart-up: {costs[0]:.2f} s CPU, with {MANY} sessions {costs[1]:.2f} s")
    assert costs[1] <= NOISE * costs[0]
