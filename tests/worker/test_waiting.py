"""What waits is sent when the answer is over, whoever looks on; and nothing of it is lost."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from fake_ollama import FakeOllama
from program import Program
from tui.domain.session import Attached
from tui.worker.conversations import ReadOnly


@pytest.fixture
async def program(fake: FakeOllama, tmp_path: Path) -> AsyncIterator[Program]:
    fake.reply = "Hello, you. How are you?"
    async with Program(tmp_path, local=fake.url) as program:
        yield program


def said(program: Program, chat: str) -> list[str]:
    return [each.content for each in program.stored(chat).branch() if each.role == "user"]


async def answering(program: Program, fake: FakeOllama) -> str:
    fake.hold.clear()
    chat = program.chat().id
    program.replies.send(chat, "one")
    await program.says(chat)
    return chat


async def test_what_waits_follows_in_order_though_the_tab_is_closed(
    program: Program, fake: FakeOllama
) -> None:
    chat = await answering(program, fake)
    for text in ("two", "three"):
        program.worker.waiting.add(chat, text)
    assert program.conversations.open(chat).queued == ["two", "three"]
    program.conversations.close(chat)
    fake.hold.set()
    await program.worker.idle()
    assert said(program, chat) == ["one", "two", "three"]
    assert program.stored(chat).queued == []
    assert [m.state for m in program.stored(chat).branch()] == ["complete"] * 6


async def test_what_waits_stays_after_a_stop_and_a_failure(
    program: Program, fake: FakeOllama
) -> None:
    chat = await answering(program, fake)
    program.worker.waiting.add(chat, "two")
    program.replies.stop(chat)
    fake.hold.set()
    await program.worker.idle()
    assert program.stored(chat).queued == ["two"]
    fake.errors["/api/chat"] = (500, "no")
    program.worker.waiting.send_now(chat)
    program.worker.waiting.add(chat, "three")
    await program.worker.idle()
    assert said(program, chat) == ["one", "two"]
    assert program.stored(chat).queued == ["three"]
    assert program.last(chat).state == "failed"


async def test_the_same_words_said_twice_go_out_with_their_own_images(
    program: Program, fake: FakeOllama
) -> None:
    chat = await answering(program, fake)
    carried = [{}, *({sha: Attached(name="shot.png")} for sha in ("a" * 64, "b" * 64))]
    for attached in carried:
        program.worker.waiting.add(chat, "shot.png?", attached)
    queued = program.conversations.open(chat).queued
    assert [program.worker.waiting.carried(chat, each) for each in queued] == carried
    for attached in carried:
        assert program.worker.waiting.carried(chat, queued[0]) == attached
        assert program.worker.waiting.take(chat, 0).strip() == "shot.png?"
        queued = program.conversations.open(chat).queued
    program.replies.stop(chat)
    fake.hold.set()
    await program.worker.idle()


async def test_what_cannot_be_sent_waits_on(
    program: Program, fake: FakeOllama, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = await answering(program, fake)
    for text in ("two", "three"):
        program.worker.waiting.add(chat, text)

    def refuse(*_asked: object, **_how: object) -> None:
        raise ReadOnly("not now")

    with monkeypatch.context() as patch:
        patch.setattr(program.replies, "send", refuse)
        with pytest.raises(ReadOnly):
            program.worker.waiting.send_now(chat, 1)
    assert program.conversations.open(chat).queued == ["two", "three"]
    assert program.worker.waiting.take(chat, 5) == ""
    fake.hold.set()
    await program.worker.idle()


async def test_leaving_keeps_what_waits(fake: FakeOllama, tmp_path: Path) -> None:
    async with Program(tmp_path, local=fake.url) as program:
        chat = await answering(program, fake)
        program.worker.waiting.add(chat, "two")
    assert program.stored(chat).queued == ["two"]
    assert said(program, chat) == ["one"]
