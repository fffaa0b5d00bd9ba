"""Two and ten programs on the same folders, in the same conversations."""

import asyncio
import os
import sys
import time
from asyncio.subprocess import PIPE
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


async def test_two_programs_show_and_write_the_same_conversation_in_turn(
    fake: FakeOllama, tmp_path: Path
) -> None:
    fake.reply = "Hello from the other side."
    async with Terminal("--host", fake.url, home=tmp_path) as first:
        await first.until("llama3.2:3b")
        first.press("Good morning\r")
        await first.until(fake.reply)
        (session,) = sessions(tmp_path)
        async with Terminal("--host", fake.url, "--session", session.id, home=tmp_path) as second:
            await second.until("open in another program")
            await second.until(fake.reply)
            second.press("Me too\r")
            await second.until("read only here")
            first.press("And now?\r")
            await second.until("And now?")
            first.press("\x11")
            assert await first.exit_code() == 0
            second.press("\r")
            await second.until(lambda: len(sessions(tmp_path)[0].messages) == 6)
            second.press("\x11")
            assert await second.exit_code() == 0
    (session,) = sessions(tmp_path)
    asked = [message.content for message in session.branch() if message.role == "user"]
    assert asked == ["Good morning", "And now?", "Me too"]
