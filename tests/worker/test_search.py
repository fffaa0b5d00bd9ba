"""What is said while the program runs can be looked for at once."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from fake_ollama import FakeOllama
from program import Program
from tui.domain.session import Message, Session
from tui.worker.events import Notice


@pytest.fixture
async def program(fake: FakeOllama, tmp_path: Path) -> AsyncIterator[Program]:
    async with Program(tmp_path, local=fake.url) as program:
        yield program


async def found(program: Program, text: str) -> list[tuple[str, str]]:
    """Titles and roles of what is found."""
    return [(each.title.title, each.hit.role) for each in await program.worker.search.find(text)]


async def test_an_answer_is_found_when_it_ended(program: Program, fake: FakeOllama) -> None:
    fake.reply = "It is a marmot."
    await program.asked("What whistles?")
    assert await found(program, "marmot") == [("What whistles?", "assistant")]
    assert await found(program, "whistles") == [("What whistles?", "user")]


async def test_a_deleted_conversation_is_not_found_until_it_is_restored(
    program: Program, fake: FakeOllama
) -> None:
    fake.reply = "It is a marmot."
    one = await program.asked("What whistles?")
    program.conversations.remove(one)
    assert await found(program, "marmot") == []
    program.conversations.restore(one)
    assert await found(program, "marmot") == [("What whistles?", "assistant")]


async def test_what_was_said_before_is_found_under_the_title_of_today(
    program: Program, fake: FakeOllama, tmp_path: Path
) -> None:
    fake.reply = "It is a marmot."
    one = await program.asked("What whistles?")
    program.places.index.unlink(missing_ok=True)
    async with Program(tmp_path, local=fake.url) as second:
        second.worker.start()
        await second.worker.idle()
        assert await found(second, "marmot") == [("What whistles?", "assistant")]
    program.conversations.change(one, lambda session: setattr(session, "title", "Whistlers"))
    assert await found(program, "marmot") == [("Whistlers", "assistant")]


async def test_who_looks_before_all_is_read_waits_for_it(
    program: Program, fake: FakeOllama, tmp_path: Path
) -> None:
    for number in range(20):
        await program.asked(f"Zebra {number}")
    program.places.index.unlink(missing_ok=True)
    async with Program(tmp_path, local=fake.url) as second:
        await second.conversations.scan()
        assert len(await found(second, "zebra")) == 20
        await second.worker.search.read_all()
        assert len(await found(second, "zebra")) == 20


async def test_many_conversations_are_read_one_after_the_other(
    program: Program, fake: FakeOllama, tmp_path: Path
) -> None:
    for number in range(20):
        await program.asked(f"Zebra {number}")
    program.places.index.unlink(missing_ok=True)
    (program.places.sessions / "bad.json").write_bytes(b"{")
    async with Program(tmp_path, local=fake.url) as second:
        second.worker.start()
        await second.worker.idle()
        assert len(await found(second, "zebra")) == 20
        assert len(second.heard(Notice)) == 1


async def test_a_search_that_is_given_up_loses_nothing(program: Program, fake: FakeOllama) -> None:
    fake.reply = "It is a marmot."
    one = await program.asked("What whistles?")
    program.conversations.change(one, lambda session: session.replace(_said_otherwise(session)))
    for _each in range(5):
        search = asyncio.create_task(program.worker.search.find("marmot"))
        await asyncio.sleep(0)
        search.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await search
    assert await found(program, "marmot") == []
    assert await found(program, "groundhog") == [("What whistles?", "assistant")]


def _said_otherwise(session: Session) -> Message:
    return replace(session.branch()[-1], content="It is a groundhog.")
