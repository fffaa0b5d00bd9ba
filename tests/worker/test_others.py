"""One question, several models: their answers are siblings; hosts give them at the same time."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from eventually import eventually
from fake_ollama import FakeOllama
from program import MODEL, Program
from tui.worker.replies import AlreadyRunning

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


# --- several hosts ---


@pytest.fixture
async def lab() -> AsyncIterator[FakeOllama]:
    async with FakeOllama(reply="The lab speaks.") as server:
        yield server


@pytest.fixture
async def both(fake: FakeOllama, lab: FakeOllama, tmp_path: Path) -> AsyncIterator[Program]:
    fake.reply = "Hello, you. How are you?"
    fake.hold.clear()
    lab.hold.clear()
    async with Program(tmp_path, local=fake.url, lab=lab.url) as program:
        yield program


async def asked_on_both(program: Program) -> tuple[str, str]:
    """A chat, and its question, that a model of each host is answering; two more wait."""
    chat = program.chat().id
    program.replies.send(chat, "Hi")
    question = program.conversations.open(chat).branch()[0].id
    program.worker.others.ask(chat, question, [OTHER])
    program.worker.others.ask(chat, question, [OTHER, THIRD], "lab")
    await eventually(
        lambda: all(r.message.content for r in program.replies.beside(chat)), "two answers"
    )
    return chat, question


def running(program: Program, chat: str) -> list[tuple[str, str]]:
    return [(r.message.host, r.message.model) for r in program.replies.beside(chat)]


async def test_hosts_answer_at_the_same_time_and_models_of_one_host_in_turn(
    both: Program, fake: FakeOllama, lab: FakeOllama
) -> None:
    chat, question = await asked_on_both(both)
    assert running(both, chat) == [("local", MODEL), ("lab", OTHER)]
    assert both.worker.others.waiting(chat) == (OTHER, f"lab/{THIRD}")
    lab.hold.set()
    await eventually(lambda: both.worker.others.waiting(chat) == (OTHER,), "the lab's second")
    await eventually(lambda: running(both, chat) == [("local", MODEL)], "the lab's end")
    assert both.conversations.open(chat).leaf == question
    fake.hold.set()
    await both.worker.idle()
    session = both.stored(chat)
    answers = [m for m in session.messages if m.parent == question]
    assert {(m.host, m.model) for m in answers} == {
        ("local", MODEL), ("local", OTHER), ("lab", OTHER), ("lab", THIRD)
    }  # fmt: skip
    assert all(m.state == "complete" for m in answers)
    assert session.leaf == answers[-1].id


async def test_one_answer_is_stopped_and_the_others_go_on(
    both: Program, fake: FakeOllama, lab: FakeOllama
) -> None:
    chat, _question = await asked_on_both(both)
    both.worker.others.stop(chat, both.replies.beside(chat)[1].message.id)
    assert running(both, chat) == [("local", MODEL), ("lab", THIRD)]
    fake.hold.set()
    lab.hold.set()
    await both.worker.idle()
    states = [(m.host, m.state) for m in both.stored(chat).messages[1:]]
    assert sorted(states) == [
        ("lab", "complete"), ("lab", "stopped"), ("local", "complete"), ("local", "complete")
    ]  # fmt: skip
    assert both.notices == []


async def test_all_are_stopped_at_once_and_nobody_is_asked_any_more(both: Program) -> None:
    chat, _question = await asked_on_both(both)
    assert both.replies.stop(chat)
    await both.worker.idle()
    assert running(both, chat) == []
    assert both.worker.others.waiting(chat) == ()
    assert [m.state for m in both.stored(chat).messages[1:]] == ["stopped", "stopped"]
    assert len(both.notices) == 2


async def test_a_host_that_is_lost_stops_its_own_queue_alone(
    both: Program, fake: FakeOllama, lab: FakeOllama
) -> None:
    chat, _question = await asked_on_both(both)
    lab.drop_after = 1
    lab.hold.set()
    await eventually(lambda: running(both, chat) == [("local", MODEL)], "the lab's end")
    assert both.worker.others.waiting(chat) == (OTHER,)
    assert f"lab/{THIRD}" in both.notices[-1]
    fake.hold.set()
    await both.worker.idle()
    assert len(both.stored(chat).messages) == 4


async def test_the_answer_that_is_kept_goes_on_with_its_model_and_the_others_are_cut_short(
    both: Program, fake: FakeOllama, lab: FakeOllama
) -> None:
    chat, _question = await asked_on_both(both)
    kept = both.replies.beside(chat)[1].message
    both.worker.others.keep(chat, kept)
    lab.hold.set()
    await both.worker.idle()
    session = both.stored(chat)
    assert (session.host, session.model, session.leaf) == ("lab", OTHER, kept.id)
    assert {m.host: m.state for m in session.messages[1:]} == {
        "local": "stopped", "lab": "complete"
    }  # fmt: skip


async def test_an_answer_that_is_there_is_kept_while_others_come(
    both: Program, fake: FakeOllama, lab: FakeOllama
) -> None:
    chat, _question = await asked_on_both(both)
    lab.hold.set()
    await eventually(lambda: running(both, chat) == [("local", MODEL)], "the lab's end")
    done = both.conversations.open(chat).messages[1]
    both.worker.others.keep(chat, done)
    await both.worker.idle()
    assert both.stored(chat).leaf == done.id
    assert both.replies.beside(chat) == []


async def test_another_question_is_not_asked_while_one_is_answered(both: Program) -> None:
    chat, _question = await asked_on_both(both)
    with pytest.raises(AlreadyRunning):
        both.replies.join(chat, "another", THIRD, "attic")


async def test_what_several_said_survives_a_crash(both: Program, tmp_path: Path) -> None:
    chat, question = await asked_on_both(both)
    begun = {r.message.id: r.message.content for r in both.replies.beside(chat)}
    journals = both.places.sessions
    await eventually(lambda: len([*journals.glob("*.journal")]) == 2, "journals")
    other = tmp_path / "copy"
    shutil.copytree(tmp_path / "data", other / "data")
    async with Program(other) as after:
        after.conversations.recover()
        session = after.conversations.open(chat)
        found = {m.id: m.content for m in session.messages if m.parent == question}
        assert found == begun
        assert {m.state for m in session.messages if m.parent == question} == {"interrupted"}
        assert session.leaf in begun
    assert [*(other / "data" / "sessions").glob("*.journal")] == []
