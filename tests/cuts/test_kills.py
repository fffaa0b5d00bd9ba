"""kill -9 at random moments of streaming, again and again on the same home."""

import random
import sys
import time
from pathlib import Path
from signal import SIGKILL

from crashing import received
from eventually import eventually
from fake_ollama import FakeOllama
from soaking import rounds
from stored import answers
from terminal import Terminal
from tui.domain.session import Message

NOTING = Path(__file__).resolve().parent.parent / "noting.py"
COUNT = rounds(3, 200)
PATIENCE = 0.6
"""Seconds of streaming within which the kill comes."""
LIMIT = 0.25
"""Seconds of received text that may be lost."""


class Home:
    """A home on which the program is killed time and again."""

    def __init__(self, folder: Path, url: str) -> None:
        self._folder = folder
        self._notes = folder / "notes"
        self._url = url
        self._chance = random.Random(COUNT)
        self._moments: list[tuple[float, int]] = []
        self._killed = 0.0

    def start(self) -> Terminal:
        """The program with a note of what it receives."""
        self._notes.unlink(missing_ok=True)
        command = (sys.executable, "-P", str(NOTING), str(self._notes))
        return Terminal(
            *("--host", self._url),
            home=self._folder,
            command=command,
            PYTHONPATH=str(NOTING.parent),
        )

    async def kill(self, terminal: Terminal) -> None:
        """Kill it within the first moments of an answer."""
        await eventually(lambda: received(self._notes), "the first delta", 20)
        moment = received(self._notes)[0][0] + self._chance.uniform(0.0, PATIENCE)
        await eventually(lambda: time.monotonic() > moment, "the moment to die")
        self._killed = time.monotonic()
        terminal.kill(SIGKILL)
        assert await terminal.exit_code() == -SIGKILL
        self._moments = received(self._notes)

    async def last(self) -> Message:
        """The answer that was killed, as the next program has saved it."""
        folder = self._folder / "data" / "sessions"
        await eventually(lambda: not [*folder.glob("*.journal")], "the end of the journal")
        return answers(self._folder)[-1]

    def lost(self, kept: int) -> tuple[float, int]:
        """How old the first lost piece was when the end came, and how many characters are lost."""
        first = next((moment for moment, total in self._moments if total > kept), self._killed)
        return max(self._killed - first, 0.0), self._moments[-1][1] - kept


async def test_killed_at_any_moment_it_loses_a_quarter_of_a_second_at_most(
    fake: FakeOllama, tmp_path: Path
) -> None:
    fake.tokens, fake.tps = 20_000, 400
    home, text, begun, losses, continued = Home(tmp_path, fake.url), fake.reply * 100, "", [], 0
    for number in range(COUNT + 1):
        async with home.start() as terminal:
            await terminal.until("interrupted" if number else "llama3.2:3b")
            if number:
                answer = await home.last()
                fresh = answer.content.removeprefix(begun)
                assert answer.state == "interrupted"
                assert answer.content == begun + fresh
                assert text.startswith(fresh)
                losses.append(home.lost(len(fresh)))
                assert losses[-1][0] <= LIMIT, f"round {number}: {losses[-1]}"
            if number == COUNT:
                break
            begun = answer.content if number % 2 else ""
            await (proceed if begun else ask)(terminal)
            continued += bool(begun)
            await home.kill(terminal)
    seconds, characters = max(losses)
    print(
        f"\n{COUNT} kills, {continued} of them while an answer was continued: at most the last "
        f"{seconds * 1000:.0f} ms of what was received were lost ({characters} characters)"
    )


async def ask(terminal: Terminal) -> None:
    terminal.press("Go on")
    await terminal.until("Go on")
    terminal.press("\r")


async def proceed(terminal: Terminal) -> None:
    terminal.press("\x1b")
    await terminal.until("esc c continue")
    terminal.press("c")
