"""Conversations are shared safely: between programs, with crashes, with a full disk."""

import asyncio
import random
import sys
import threading
import time
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from crashing import received
from eventually import eventually
from fake_ollama import FakeOllama
from program import Program
from tui.domain.session import SCHEMA
from tui.store import writer as writing
from tui.store.sessions import Found, SessionStore
from tui.store.writer import Writer
from tui.worker import conversations as conversing
from tui.worker.conversations import ReadOnly
from tui.worker.events import SessionChanged, SessionRemoved

CRASHING = Path(__file__).resolve().parent.parent / "crashing.py"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversing, "_FOLLOW", 0.02)
    monkeypatch.setattr(writing, "_RETRY", 0.02)


@pytest.fixture
async def program(fake: FakeOllama, tmp_path: Path) -> AsyncIterator[Program]:
    fake.reply = "Hello, you. How are you?"
    async with Program(tmp_path, local=fake.url) as program:
        yield program


# --- killed in mid-stream ---


@asynccontextmanager
async def crashing(home: Path, url: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """Another program that is being answered, and the id of its conversation."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(CRASHING), str(home), url, str(home / "notes"), stdout=PIPE
    )
    assert process.stdout is not None
    try:
        yield process, (await process.stdout.readline()).decode().strip()
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@pytest.mark.parametrize("seed", range(5))
async def test_a_program_killed_in_mid_stream_loses_no_more_than_a_quarter_of_a_second(
    fake: FakeOllama, tmp_path: Path, seed: int
) -> None:
    fake.tokens, fake.tps = 20_000, 400
    patience = random.Random(seed).uniform(0.0, 0.5)
    async with crashing(tmp_path, fake.url) as (process, chat):
        await eventually(lambda: received(tmp_path / "notes"), "the first delta")
        first = received(tmp_path / "notes")[0][0]
        await eventually(lambda: time.monotonic() > first + patience, "the moment to die")
        process.kill()
        killed = time.monotonic()
        await process.wait()
    due = max(
        (total for moment, total in received(tmp_path / "notes") if moment < killed - 0.25),
        default=0,
    )
    async with Program(tmp_path, local=fake.url) as program:
        program.conversations.recover()
        question, answer = program.conversations.open(chat).branch()
        assert question.content == "Hi"
        assert (fake.reply * 100).startswith(answer.content)
        assert answer.state == "interrupted"
        assert len(answer.content) >= due
        assert program.journals() == []


async def test_a_program_takes_over_when_the_one_that_writes_is_killed(
    fake: FakeOllama, tmp_path: Path
) -> None:
    fake.tokens, fake.tps = 20_000, 400
    async with (
        crashing(tmp_path, fake.url) as (process, chat),
        Program(tmp_path, local=fake.url) as program,
    ):
        await eventually((tmp_path / "data" / "sessions" / f"{chat}.json").exists, "the question")
        program.conversations.recover()
        assert len(program.journals()) == 1
        program.conversations.open(chat)
        assert not program.conversations.writable(chat)
        with pytest.raises(ReadOnly):
            program.replies.send(chat, "Me too")
        process.kill()
        await process.wait()
        assert program.conversations.writable(chat)


async def test_who_goes_on_where_another_program_was_killed_keeps_what_that_was_told(
    fake: FakeOllama, tmp_path: Path
) -> None:
    fake.hold.clear()
    async with (
        crashing(tmp_path, fake.url) as (process, chat),
        Program(tmp_path, local=fake.url) as program,
    ):
        journal = program.places.sessions / f"{chat}.journal"
        await eventually(
            lambda: journal.exists() and journal.read_bytes().count(b"\n") > 1, "a delta"
        )
        program.conversations.open(chat)
        process.kill()
        await process.wait()
        fake.hold.set()
        program.replies.send(chat, "Go on")
        await program.worker.idle()
        cut = fake.reply[:4]
        contents = [each.content for each in program.stored(chat).branch()]
        assert contents == ["Hi", cut, "Go on", fake.reply]
        assert program.conversations.open(chat).branch()[1].state == "interrupted"
        assert program.journals() == []


async def test_what_a_crash_left_is_there_at_once(fake: FakeOllama, tmp_path: Path) -> None:
    fake.hold.clear()
    async with crashing(tmp_path, fake.url) as (process, chat):
        journal = tmp_path / "data" / "sessions" / f"{chat}.journal"
        await eventually(
            lambda: journal.exists() and journal.read_bytes().count(b"\n") > 1, "a delta"
        )
        process.kill()
        await process.wait()
    fake.hold.set()
    async with Program(tmp_path, local=fake.url) as program:
        program.conversations.recover()
        answer = program.last(chat)
        assert answer.content == fake.reply[:4]
        assert [title.state for title in program.conversations.titles()] == ["interrupted"]
        program.replies.proceed(chat, answer.id)
        await program.worker.idle()
        assert program.stored(chat).branch()[-1].content.startswith(answer.content)


# --- two programs ---


async def test_a_conversation_open_elsewhere_is_read_only_and_follows(
    program: Program, fake: FakeOllama, tmp_path: Path
) -> None:
    chat = await program.asked("Hi")
    async with Program(tmp_path, local=fake.url) as other:
        other.worker.start()
        other.conversations.open(chat)
        assert len(other.notices) == 1
        assert "open in another program" in other.notices[0]
        before = program.stored(chat)
        for attempt in (
            lambda: other.replies.send(chat, "Me too"),
            lambda: other.replies.regenerate(chat, before.branch()[-1].id),
            lambda: other.conversations.remove(chat),
            lambda: other.conversations.change(
                chat, lambda session: setattr(session, "title", "x")
            ),
        ):
            with pytest.raises(ReadOnly, match="another program"):
                attempt()
        assert other.conversations.open(chat) == before
        program.replies.send(chat, "And now?")
        await program.worker.idle()
        await eventually(lambda: len(other.conversations.open(chat).messages) == 4, "to follow")
        assert len(other.heard(SessionChanged)[-1].session.messages) == 4


async def test_when_the_first_program_lets_go_the_second_writes_what_the_first_left(
    program: Program, fake: FakeOllama, tmp_path: Path
) -> None:
    chat = await program.asked("Hi")
    async with Program(tmp_path, local=fake.url) as other:
        other.conversations.open(chat)
        program.replies.send(chat, "And now?")
        await program.worker.idle()
        program.conversations.close(chat)
        other.replies.send(chat, "Me too")
        await other.worker.idle()
        contents = [each.content for each in other.stored(chat).branch()]
        assert contents == ["Hi", fake.reply, "And now?", fake.reply, "Me too", fake.reply]
        program.conversations.open(chat)
        assert not program.conversations.writable(chat)


async def test_when_the_first_program_ends_the_second_may_write(
    fake: FakeOllama, tmp_path: Path
) -> None:
    async with Program(tmp_path, local=fake.url) as other:
        async with Program(tmp_path, local=fake.url) as program:
            chat = await program.asked("Hi")
            other.conversations.open(chat)
            assert not other.conversations.writable(chat)
        assert other.conversations.writable(chat)


async def test_a_conversation_removed_elsewhere_stays_readable(
    program: Program, fake: FakeOllama, tmp_path: Path
) -> None:
    chat = await program.asked("Hi")
    async with Program(tmp_path, local=fake.url) as other:
        other.worker.start()
        shown = other.conversations.open(chat)
        program.conversations.remove(chat)
        await program.worker.idle()
        assert other.conversations.open(chat) == shown


# --- newer versions ---


async def test_a_newer_conversation_is_read_only_and_follows(
    program: Program, fake: FakeOllama
) -> None:
    chat = await program.asked("Hi")
    program.conversations.close(chat)
    path = program.places.sessions / f"{chat}.json"
    newer = path.read_bytes().replace(b'"schema": 1', b'"schema": %d' % (SCHEMA + 1))
    path.write_bytes(newer)
    program.worker.start()
    program.conversations.open(chat)
    assert "newer version" in program.notices[-1]
    with pytest.raises(ReadOnly, match="newer version"):
        program.replies.send(chat, "Me too")
    path.write_bytes(newer.replace(b"Hello, you", b"Hello, all"))
    await eventually(lambda: "all" in program.last(chat).content, "to follow")
    assert b'"schema": 2' in path.read_bytes()


# --- nothing is read back older than it was saved ---


async def test_a_conversation_closed_and_opened_at_once_is_whole(
    program: Program, fake: FakeOllama
) -> None:
    chat = await program.asked("Hi")
    program.conversations.change(chat, lambda session: setattr(session, "title", "new"))
    program.conversations.close(chat)
    assert program.conversations.open(chat).title == "new"
    assert program.conversations.writable(chat)


async def test_on_a_full_disk_work_goes_on_and_is_written_when_it_can_be(
    program: Program, fake: FakeOllama
) -> None:
    places = program.places
    places.data.write_bytes(b"")  # a file in the folder's place: nothing can be written
    session = program.chat()
    program.replies.send(session.id, "Hi")
    await program.worker.idle()
    assert program.last(session.id).content == fake.reply
    assert len(program.notices) == 1
    assert str(places.sessions) in program.notices[0]
    program.conversations.close(session.id)
    assert program.last(session.id).content == fake.reply
    program.replies.send(session.id, "Still there?")
    await program.worker.idle()
    places.data.unlink()
    await eventually(lambda: len(program.notices) > 1, "the good news")
    assert "everything is saved" in program.notices[1]
    assert len(program.stored(session.id).branch()) == 4
    assert program.journals() == []
    assert len(program.notices) == 2


# --- the list ---


async def test_the_list_is_there_after_a_start(
    program: Program, fake: FakeOllama, tmp_path: Path
) -> None:
    ids = [await program.asked(text) for text in ("one", "two")]
    bad = program.places.sessions / "bad.json"
    bad.write_bytes(b"{")
    async with Program(tmp_path, local=fake.url) as other:
        other.worker.start()
        await other.worker.idle()
        assert [title.id for title in other.conversations.titles()] == ids[::-1]
        assert len(other.notices) == 1
        assert "bad.json.damaged-" in other.notices[0]


async def test_what_was_removed_during_the_scan_stays_removed(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = await program.asked("Hi")
    scan, found, removed = program.conversations._store.scan, asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def slow() -> Found:
        result = scan()
        loop.call_soon_threadsafe(found.set)
        assert removed.wait(5)
        return result

    monkeypatch.setattr(program.conversations._store, "scan", slow)
    scanning = asyncio.create_task(program.conversations.scan())
    await found.wait()
    program.conversations.remove(chat)
    removed.set()
    await scanning
    assert program.conversations.titles() == []
    assert [event.session_id for event in program.heard(SessionRemoved)] == [chat]


async def test_a_conversation_is_unlocked_only_once_it_is_on_disk(program: Program) -> None:
    program.places.data.write_bytes(b"")  # a file in the folder's place: nothing can be written
    program.worker.start()
    chat = await program.asked("Hi")
    program.conversations.close(chat)
    other = SessionStore(program.places, Writer()).lock(chat)
    assert not other.take()
    program.places.data.unlink()
    await eventually(other.take, "the lock")
    assert len(program.stored(chat).branch()) == 2
    other.release()


async def test_a_conversation_without_messages_is_not_written(program: Program) -> None:
    session = program.chat()
    program.conversations.change(session.id, lambda each: setattr(each, "title", "new"))
    await program.worker.idle()
    assert not program.places.sessions.exists()
    assert program.conversations.titles() == []


async def test_a_damaged_workspace_is_told(fake: FakeOllama, tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "workspace.json").write_bytes(b"{")
    async with Program(tmp_path, local=fake.url) as program:
        program.worker.workspace.load()
        program.worker.start()
        await program.worker.idle()
        assert ["workspace.json.damaged-" in text for text in program.notices] == [True]
