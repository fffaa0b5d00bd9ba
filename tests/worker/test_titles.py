"""A conversation's model names it, if the user wants that."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from fake_ollama import FakeOllama
from program import MODEL, Program
from tui.worker.events import ReplyEnded
from tui.worker.titles import NoTitle


@pytest.fixture
async def program(fake: FakeOllama, tmp_path: Path) -> AsyncIterator[Program]:
    async with Program(tmp_path, local=fake.url) as program:
        yield program


async def test_the_model_of_a_conversation_names_it(program: Program, fake: FakeOllama) -> None:
    one = await program.asked("What whistles?")
    program.conversations.change(one, lambda session: session.options.update(num_ctx=4096))
    fake.reply = '"Whistling Marmots."'
    assert await program.worker.titles.make(one) == "Whistling Marmots"
    assert (await stored(program, one)) == "Whistling Marmots"
    body = next(body for _how, path, body in reversed(fake.asked) if path == "/api/chat")
    assert (body["model"], body["think"]) == (MODEL, False)
    assert body["options"] == {"num_ctx": 4096, "num_predict": 24}


async def test_a_model_that_says_nothing_leaves_the_title(
    program: Program, fake: FakeOllama
) -> None:
    one = await program.asked("What whistles?")
    fake.reply = " \n"
    with pytest.raises(NoTitle, match=MODEL):
        await program.worker.titles.make(one)
    assert (await stored(program, one)) == "What whistles?"


async def test_of_several_answers_to_a_first_question_one_makes_the_title(
    program: Program, fake: FakeOllama
) -> None:
    one = await program.asked("What whistles?")
    worker = program.worker
    worker.titles.make_all(worker.events, worker._supervisor, worker._bug)
    fake.reply, before = "Whistling Marmots", len(fake.asked)
    for _model in range(4):
        worker.events.tell(ReplyEnded(one, program.last(one)))
    assert (await stored(program, one)) == "Whistling Marmots"
    assert [path for _how, path, _body in fake.asked[before:]].count("/api/chat") == 1


async def stored(program: Program, id: str) -> str:
    await program.worker.idle()
    return program.stored(id).title
