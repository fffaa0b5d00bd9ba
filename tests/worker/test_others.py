"""One question, several models: their answers are siblings, given one after another."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from fake_ollama import FakeOllama
from program import MODEL, Program

OTHER, THIRD = "qwen3:8b", "gemma3:4b"


@pytest.fixture
async def program(fake: FakeOllama, tmp_path: Path) -> AsyncIterator[Program]:
    fake.reply = "Hello, you. How are you?"
    async with Program(tmp_path, local=fake.url) as program:
        yield program


def who_answered(program: Program, chat: str) -> list[str]:
    session = program.conversations.open(chat)
    return [m.model for m in session.messages if m.role == "assistant"]


async def test_each_model_answers_the_same_question_in_turn(
    program: Program, fake: FakeOllama
) -> None:
    chat = await program.asked("Hi")
    question = program.conversations.open(chat).branch()[0].id
    fake.hold.clear()
    program.worker.others.ask(chat, question, [OTHER, THIRD])
    assert program.worker.others.waiting(chat) == (THIRD,)
    program.worker.waiting.add(chat, "And then?")
    fake.hold.set()
    await program.worker.idle()
    assert who_answered(program, chat) == [MODEL, OTHER, THIRD, MODEL]
    session = program.stored(chat)
    assert len([m for m in session.messages if m.parent == question]) == 3
    asked = [body["model"] for _method, path, body in fake.asked if path == "/api/chat"]
    assert asked == [MODEL, OTHER, THIRD, MODEL]
    assert session.branch()[-2].content == "And then?"
    assert session.model == MODEL


async def test_a_model_that_fails_does_not_keep_the_next_from_answering(
    program: Program, fake: FakeOllama
) -> None:
    chat = await program.asked("Hi")
    question = program.conversations.open(chat).branch()[0].id
    program.worker.others.ask(chat, question, ["nobody", THIRD])
    await program.worker.idle()
    assert who_answered(program, chat) == [MODEL, "nobody", THIRD]
    assert program.last(chat).state == "complete"


async def test_who_stops_an_answer_stops_the_rest(program: Program, fake: FakeOllama) -> None:
    fake.hold.clear()
    chat = program.chat().id
    program.replies.send(chat, "Hi")
    await program.says(chat)
    question = program.conversations.open(chat).branch()[0].id
    program.worker.others.ask(chat, question, [OTHER, THIRD])
    program.replies.stop(chat)
    fake.hold.set()
    await program.worker.idle()
    assert who_answered(program, chat) == [MODEL]
    assert program.worker.others.waiting(chat) == ()
    assert f"{OTHER}, {THIRD}" in program.notices[-1]


async def test_a_question_deleted_meanwhile_is_not_asked(
    program: Program, fake: FakeOllama
) -> None:
    chat = await program.asked("Hi")
    program.worker.others.ask(chat, "gone", [OTHER, THIRD])
    await program.worker.idle()
    assert who_answered(program, chat) == [MODEL]
    assert program.worker.others.waiting(chat) == ()
