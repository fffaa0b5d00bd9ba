"""Conversations go out into files and come in from others."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from fake_ollama import FakeOllama
from program import Program


@pytest.fixture
async def program(fake: FakeOllama, tmp_path: Path) -> AsyncIterator[Program]:
    fake.reply = "A marmot."
    async with Program(tmp_path / "home", local=fake.url) as program:
        yield program


async def test_a_conversation_is_exported_beside_what_is_there(
    program: Program, tmp_path: Path
) -> None:
    session = program.conversations.open(await program.asked("What whistles?"))
    transfer = program.worker.transfer
    first = await transfer.export(session, "md", tmp_path)
    second = await transfer.export(session, "md", tmp_path)
    named = await transfer.export(session, "txt", tmp_path / "chat")
    assert [path.name for path in (first, second, named)] == [
        "ollama-tui-What-whistles.md",
        "ollama-tui-What-whistles-2.md",
        "chat",
    ]
    assert "A marmot." in first.read_text()


async def test_all_conversations_are_exported_but_damaged_ones(
    program: Program, tmp_path: Path
) -> None:
    for _each in range(20):
        await program.asked("What whistles?")
    (program.places.sessions / "bad.json").write_bytes(b"{")
    moved = await program.worker.transfer.export_all("jsonl", tmp_path / "out" / "chats")
    assert moved.count == 20
    assert "bad.json" in moved.skipped[0]
    assert len([*(tmp_path / "out" / "chats").glob("*.jsonl")]) == 20


async def test_what_was_exported_comes_back_as_another_conversation(
    program: Program, tmp_path: Path
) -> None:
    one = await program.asked("What whistles?")
    path = await program.worker.transfer.export(program.conversations.open(one), "json", tmp_path)
    moved = await program.worker.transfer.bring_in(path, "local")
    assert (moved.count, moved.skipped) == (1, [])
    other, _old = sorted(program.conversations.titles(), key=lambda title: title.id == one)
    assert other.title == "What whistles?"
    assert program.stored(other.id).messages == program.stored(one).messages


async def test_imported_conversations_are_on_disk_in_the_list_and_found(
    program: Program, tmp_path: Path
) -> None:
    def chat(number: int) -> object:
        return {"title": f"Chat {number}", "messages": [{"role": "user", "content": "Zebras?"}]}

    (tmp_path / "chats.json").write_text(json.dumps([*map(chat, range(40)), {"no": "chat"}]))
    moved = await program.worker.transfer.bring_in(tmp_path / "chats.json", "elsewhere")
    assert moved.count == 40
    assert "Entry 41" in moved.skipped[0]
    assert len([*program.places.sessions.glob("*.json")]) == 40
    assert {title.host for title in program.conversations.titles()} == {"elsewhere"}
    assert len(await program.worker.search.find("zebras")) == 40


async def test_what_is_not_there_is_an_error(program: Program, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        await program.worker.transfer.bring_in(tmp_path / "nothing", "local")
