"""What a slow line costs: how late an answer's end is there, and how long keys wait meanwhile.

Beside it the plain way to stream in Textual, which queues its frames. What is drawn at first is
not counted. At the end the screen must be what painting it anew shows.
"""

import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from homes import conversation
from ptybench import Program, TimedOut, percentile
from ptyline import Speed
from ptyprocess import TUI
from served import served

MARKDOWN_STREAM = (sys.executable, str(Path(__file__).with_name("markdown_stream.py")))
TOKENS = 1000
END = "THE-END"
PATIENCE = 30.0
"""Seconds after the server's end for which the end is waited for."""
MAY_DIFFER = 0.3
"""How much of the frames and the echo pacing may cost on a fast line that is far away."""


class Case(NamedTuple):
    """A line, an answer, and what is asked of them."""

    name: str
    speed: Speed
    tokens_per_second: int
    end: float
    """Seconds from the server's end to the end on the screen."""
    p50: float
    """Milliseconds until a key shows, of half of them and of 95 %."""
    p95: float
    beside: bool = False
    """Whether the plain way is measured, too."""
    meddle: Callable[[Program, float], None] = lambda _program, _since: None
    """What happens to the line meanwhile, given the seconds since the question."""


class Cost(NamedTuple):
    """How it went."""

    end: float
    p50: float
    p95: float
    keys: int
    bytes: float
    frames: int
    same: bool


def _stalls(program: Program, since: float) -> None:
    if 3.0 < since < 3.4:
        program.line.stall(5.0 - (since - 3.0))


def _slows(program: Program, since: float) -> None:
    program.line.rate = 3_000 if 3.0 < since < 8.0 else 30_000


NEAR, FAR, SLOW = Speed(10_000, 0.02), Speed(50_000, 0.3), Speed(2_000, 0.3)
CASES = (
    Case("10 kB/s + 20 ms", NEAR, 100, end=0.3, p50=100, p95=250, beside=True),
    Case("50 kB/s + 300 ms", FAR, 100, end=0.9, p50=700, p95=800, beside=True),
    Case("2 kB/s + 300 ms", SLOW, 50, end=3.0, p50=1100, p95=1200, beside=True),
    Case("10 kB/s + 20 ms, jitter", NEAR._replace(jitter=0.2), 100, end=0.8, p50=400, p95=800),
    Case("10 kB/s + 20 ms, stalls 5 s", NEAR, 100, end=1.0, p50=250, p95=6000, meddle=_stalls),
    Case(
        "30, 3, 30 kB/s + 50 ms",
        Speed(30_000, 0.05),
        100,
        end=1.0,
        p50=400,
        p95=2000,
        meddle=_slows,
    ),
)


def stream(command: Sequence[str], home: Path, ready: str, log: Path, case: Case) -> Cost:
    """Ask for an answer and type until its end is there."""
    with Program(command, home=home, speed=case.speed, COLORTERM="") as program:
        program.wait_for(ready, 90.0)
        program.settle(2.5)
        began, since = program.spending(), time.monotonic()
        program.watch(END)
        program.send("Tell me everything\r")
        echoes: list[float] = []
        try:
            typed = "q"
            program.send(typed)
            program.wait_for(typed, 30.0)
            while END not in program.seen and time.monotonic() - since < PATIENCE + 20:
                case.meddle(program, time.monotonic() - since)
                program.run_for(0.25)
                typed += "wertyuiop"[len(typed) % 9]
                sent = program.send(typed[-1])
                echoes.append(1000 * (program.wait_for(typed, 30.0) - sent))
        except TimedOut:
            echoes.append(30_000.0)
        end = _end(program, log)
        spent = began()
        program.settle(2.5)
        return Cost(
            end,
            percentile(echoes, 50),
            percentile(echoes, 95),
            len(echoes),
            spent.bytes / TOKENS,
            len(program.frames(since)),
            _same(program),
        )


def _end(program: Program, log: Path) -> float:
    try:
        program.wait_until(lambda: END in program.seen, PATIENCE)
    except TimedOut:
        return float("inf")
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    last = max(float(line["t"]) for line in lines if line["event"] == "last_token")
    return program.seen[END] - last


def _same(program: Program) -> bool:
    shown = program.text
    program.send("\x0c")
    program.run_for(0.5)
    program.settle(2.5)
    return program.text == shown


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_an_answer_over_a_slow_line(case: Case, tmp_path: Path) -> None:
    log = tmp_path / "log"
    knobs = ("--tokens", str(TOKENS), "--tps", str(case.tokens_per_second), "--marker", END)
    with served(*knobs, "--log", str(log), "--short-log") as url:
        if case.beside:
            plain = stream([*MARKDOWN_STREAM, url], tmp_path, "Ask something", log, case)
            tell(f"{case.name}, MarkdownStream", plain)
        ours = chat(tmp_path / "paced", url, log, case)
    assert ours.same
    assert ours.end <= case.end
    assert ours.p50 <= case.p50
    assert ours.p95 <= case.p95


def test_pacing_costs_nothing_on_a_fast_line_far_away(tmp_path: Path) -> None:
    case, log = CASES[1], tmp_path / "log"
    knobs = ("--tokens", str(TOKENS), "--tps", str(case.tokens_per_second), "--marker", END)
    with served(*knobs, "--log", str(log), "--short-log") as url:
        (tmp_path / "free" / "config").mkdir(parents=True)
        (tmp_path / "free" / "config" / "config.toml").write_text('bandwidth = "full"\n')
        free = chat(tmp_path / "free", url, log, case)
        paced = chat(tmp_path / "paced", url, log, case)
    assert paced.frames >= (1 - MAY_DIFFER) * free.frames
    assert paced.p50 <= (1 + MAY_DIFFER) * free.p50


def chat(home: Path, url: str, log: Path, case: Case) -> Cost:
    """Ours, in a conversation of before."""
    command = [*TUI, "--host", url, "--session", conversation(home, 10)]
    cost = stream(command, home, "That is all.", log, case)
    tell(f"{case.name}, ollama-tui ({home.name})", cost)
    return cost


def tell(what: str, cost: Cost) -> None:
    print(
        f"\n{what}: end after {cost.end:.2f} s; keys {cost.p50:.0f} ms, 95 % {cost.p95:.0f} ms "
        f"({cost.keys}); {cost.bytes:.0f} bytes a token in {cost.frames} frames; "
        f"{'as' if cost.same else 'NOT as'} painted anew"
    )
