"""Two and ten programs on the same folders, in the same conversations."""

import asyncio
import os
import sys
import time
from asyncio.subprocess import PIPE
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

import msgspec
import pytest

from fake_ollama import FakeOllama
from program import Program
from soaking import rounds
from stored import sessions
from terminal import Terminal

SHARING = Path(__file__).resolve().parent.parent / "sharing.py"
TURNS = rounds(4, 60)
CHATS = 3


async def shared(home: Path, number: int, chats: list[str]) -> int:
    """Let one more program write into the chats; how often it found another writing."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", str(SHARING), str(home), str(number), str(TURNS), *chats),
        stdout=PIPE,
        stderr=PIPE,
        env={**os.environ, "PYTHONPATH": str(SHARING.parent)},
    )
    try:
        said, errors = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode == 0, errors.decode()
    return int(said)


@pytest.mark.parametrize("programs", [2, 10])
async def test_nothing_that_any_program_writes_is_lost(
    fake: FakeOllama, tmp_path: Path, programs: int
) -> None:
    fake.reply = "Hello."
    async with Program(tmp_path, local=fake.url) as program:
        chats = [await program.asked() for _chat in range(CHATS)]
    began = time.monotonic()
    async with asyncio.TaskGroup() as group:
        running = [group.create_task(shared(tmp_path, each, chats)) for each in range(programs)]
    refused = sum(task.result() for task in running)
    wanted = sorted(f"{each}:{turn + 1}" for each in range(programs) for turn in range(TURNS))
    for session in sessions(tmp_path):
        assert sorted(message.content for message in session.messages[2:]) == wanted
        assert len(session.branch()) == len(session.messages), "one long conversation"
    history = (tmp_path / "state" / "history").read_bytes().splitlines()
    remembered = [msgspec.json.decode(each, type=str) for each in history]
    assert sorted(remembered) == sorted(wanted * CHATS)
    assert not [path for path in tmp_path.rglob("*") if "damaged" in path.name]
    assert not [path for path in tmp_path.rglob("*") if path.suffix in (".tmp", ".lock")]
    print(
        f"\n{programs} programs wrote {len(wanted) * CHATS} messages into {CHATS} conversations in "
        f"{time.monotonic() - began:.1f} s; {refused} times another was writing; none lost"
    )


@pytest.mark.parametrize("programs", [2, *([10] if rounds(0, 1) else [])])
async def test_programs_on_the_screen_show_and_write_the_same_conversation_in_turn(
    fake: FakeOllama, tmp_path: Path, programs: int
) -> None:
    fake.reply = "Hello from the other side."
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(Terminal("--host", fake.url, home=tmp_path))
        await first.until("llama3.2:3b")
        first.press("Question 0\r")
        await first.until(fake.reply)
        await first.until(lambda: bool(sessions(tmp_path)))  # what is shown is in the journal
        (session,) = sessions(tmp_path)
        follow = partial(Terminal, "--host", fake.url, "--session", session.id, home=tmp_path)
        others = [await stack.enter_async_context(follow()) for _each in range(programs - 1)]
        for other in others:
            await other.until("open in another program")
            await other.until(fake.reply)
        others[-1].press("Question 1\r")
        await others[-1].until("read only here")
        others[-1].press("\x15")
        await hand_on([first, *others], tmp_path)
    (session,) = sessions(tmp_path)
    asked = [message.content for message in session.branch() if message.role == "user"]
    assert asked == [f"Question {number}" for number in range(programs)]
    print(f"\n{programs} programs on the screen wrote one conversation in turn: nothing lost")


async def hand_on(terminals: list[Terminal], home: Path) -> None:
    """Each leaves when all others have seen its question; then the next one writes."""
    for number, terminal in enumerate(terminals):
        if number:
            terminal.press(f"Question {number}\r")
        await terminal.until(partial(are_written, home, 2 * (number + 1)))
        for other in terminals[number + 1 :]:
            await other.until(f"Question {number}")
        terminal.press("\x11")
        assert await terminal.exit_code() == 0


def are_written(home: Path, messages: int) -> bool:
    return len(sessions(home)[0].messages) == messages
