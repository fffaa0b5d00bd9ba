"""What a streamed answer costs, beside the plain way to stream in Textual in the same minute.

Bytes and memory are limits anywhere. CPU, lag and echo are limits on a quiet machine; on a busy
one they count as met where they are under a quarter of what the plain way takes.
"""

import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from homes import conversation
from ptybench import Program, percentile
from ptyprocess import TUI
from served import served

MARKDOWN_STREAM = (sys.executable, str(Path(__file__).with_name("markdown_stream.py")))
TOKENS = 2000
END = "THE-END"
LONG = 10_000
"""Messages of a long session."""
KEYS = "wertyuiopasdfghjklzxcvbnm"
MOST_ECHO = 30.0
MOST_MEMORY = 80.0
_GAUGE = re.compile(r"([\d.]+k?)/4\.1k")


class Limit(NamedTuple):
    """What an answer may cost at some speed."""

    tokens_per_second: int
    bytes: float
    cpu: float
    """Milliseconds a token."""
    lag: float
    """Seconds from the end's arrival until it shows."""


class Cost(NamedTuple):
    """What an answer did cost."""

    bytes: float
    cpu: float
    lag: float
    echo: float
    """Milliseconds within which 95 of 100 keys show."""
    memory: float


LIMITS = (
    Limit(200, bytes=75, cpu=1.0, lag=0.15),
    Limit(50, bytes=130, cpu=1.4, lag=0.15),
    # As fast as possible: a burst, of which only the end is asked.
    Limit(0, bytes=75, cpu=1.0, lag=0.5),
)


def stream(command: Sequence[str], home: Path, ready: str, log: Path, typed: str) -> Cost:
    """Ask for a long answer and follow it to its last word, typing meanwhile."""
    with Program(command, home=home, COLORTERM="") as program:
        program.wait_for(ready)
        program.settle()
        spent = program.spending()
        program.send("Tell me everything\r")
        echoes = _type(program, typed) if typed else [0.0]
        shown = program.wait_for(END, 120.0)
        program.settle()
        cost = spent()
        last = [json.loads(line) for line in log.read_text().splitlines()]
        arrived = max(line["t"] for line in last if line["event"] == "last_token")
        return Cost(
            bytes=cost.bytes / TOKENS,
            cpu=1000 * cost.cpu / TOKENS,
            lag=shown - arrived,
            echo=percentile(echoes, 95),
            memory=program.rss(),
        )


def _type(program: Program, keys: str) -> list[float]:
    """Milliseconds until each key shows. Meanwhile the gauge moves, if there is one."""
    program.run_for(1.5)
    before = _GAUGE.findall(program.text)
    echoes = [1000 * each for each in program.echo_latency("q", keys)]
    assert not before or before != _GAUGE.findall(program.text)
    return echoes


def tell(what: str, cost: Cost) -> None:
    print(
        f"\n{what}: {cost.bytes:.0f} bytes and {cost.cpu:.2f} ms CPU a token; the end shows after "
        f"{cost.lag:.2f} s; 95 % of keys within {cost.echo:.0f} ms; {cost.memory:.0f} MiB"
    )


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: f"{limit.tokens_per_second}-a-second")
def test_a_long_answer(limit: Limit, tmp_path: Path) -> None:
    speed = limit.tokens_per_second
    log = tmp_path / "log"
    knobs = ("--tokens", str(TOKENS), "--tps", str(speed), "--marker", END)
    typed = KEYS if speed else ""
    failed = []
    with served(*knobs, "--log", str(log), "--short-log") as url:
        plain = stream([*MARKDOWN_STREAM, url], tmp_path, "Ask something", log, typed)
        tell(f"{speed} tokens/s, MarkdownStream", plain)
        for messages in (10, LONG):
            home = tmp_path / str(messages)
            command = [*TUI, "--host", url, "--session", conversation(home, messages)]
            _learn(command, home)
            cost = stream(command, home, "That is all.", log, typed)
            tell(f"{speed} tokens/s, in a session of {messages}", cost)
            failed += [f"{messages} messages: {each}" for each in _above(limit, cost, plain)]
    assert not failed


def _learn(command: Sequence[str], home: Path) -> None:
    """Start and end the program, so that the index of the sessions is there."""
    with Program(command, home=home, COLORTERM="") as program:
        program.wait_for("That is all.")
        program.settle(2.0)
        program.send("\x11")
        program.wait_until(lambda: not program.alive)


def _above(limit: Limit, cost: Cost, plain: Cost) -> list[str]:
    """What is too dear."""
    found = {
        "bytes": cost.bytes > limit.bytes,
        "CPU": cost.cpu > max(limit.cpu, plain.cpu / 4),
        "lag": cost.lag > max(limit.lag, plain.lag / 4),
        "echo": cost.echo > max(MOST_ECHO, plain.echo / 4),
        "memory": cost.memory > MOST_MEMORY,
    }
    return [name for name, is_above in found.items() if is_above]
