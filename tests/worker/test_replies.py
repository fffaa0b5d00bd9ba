"""Answers belong to their sessions; whatever happens, what was said is kept."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from eventually import eventually
from fake_ollama import FakeOllama
from program import MODEL, Program
from tui.domain.replies import Delta, Phase
from tui.domain.session import Message
from tui.store.journal import Journal
from tui.store.sessions import SessionStore
from tui.store.writer import Writer
from tui.worker import replies as replying
from tui.worker.events import ReplyChanged, ReplyEnded, SessionChanged, SessionRemoved
from tui.worker.replies import AlreadyRunning
from tui.worker.reply import Reply


@pytest.fixture
async def program(fake: FakeOllama, tmp_path: Path) -> AsyncIterator[Program]:
    fake.reply = "Hello, you. How are you?"
    async with Program(tmp_path, local=fake.url) as program:
        yield program


def question_of(fake: FakeOllama, number: int = -1) -> list[tuple[str, str]]:
    bodies = [body for _method, path, body in fake.asked if path == "/api/chat"]
    return [(each["role"], each["content"]) for each in bodies[number]["messages"]]


# --- asking ---


async def test_a_question_is_answered_and_both_are_on_disk(
    program: Program, fake: FakeOllama
) -> None:
    chat = await program.asked("Hi")
    question, answer = program.stored(chat).branch()
    assert (question.role, question.content) == ("user", "Hi")
    assert (answer.role, answer.content, answer.state) == ("assistant", fake.reply, "complete")
    assert answer.model == MODEL
    assert answer.stats is not None
    assert answer.done_reason == "stop"
    assert program.journals() == []
    assert program.replies.running(chat) is None
    assert isinstance(program.told[-1], ReplyEnded)
    assert program.stored(chat).title == "Hi"


async def test_words_that_are_no_utf8_are_asked_with_a_mark_in_their_place(
    program: Program, fake: FakeOllama
) -> None:
    chat = await program.asked("caf\udce9")
    assert question_of(fake) == [("user", "caf?")]
    program.replies.reword(chat, program.last(chat), "na\udcefve")
    assert [each.content for each in program.conversations.open(chat).branch()] == ["caf?", "na?ve"]


async def test_the_question_is_on_disk_before_the_answer_comes(
    program: Program, fake: FakeOllama
) -> None:
    fake.hold.clear()
    session = program.chat()
    program.replies.send(session.id, "Hi")
    await program.says(session.id)
    assert [each.content for each in program.stored(session.id).messages] == ["Hi"]
    assert len(program.journals()) == 1
    fake.hold.set()


async def test_earlier_turns_and_settings_are_told_to_the_model(
    program: Program, fake: FakeOllama
) -> None:
    session = program.chat()
    session.system, session.options, session.keep_alive = "Be brief.", {"num_ctx": 512}, "5m"
    program.replies.send(session.id, "one")
    await program.worker.idle()
    program.replies.send(session.id, "two")
    await program.worker.idle()
    assert question_of(fake) == [
        ("system", "Be brief."),
        ("user", "one"),
        ("assistant", fake.reply),
        ("user", "two"),
    ]
    body = fake.asked[-1][2]
    assert (body["options"], body["keep_alive"]) == ({"num_ctx": 512}, "5m")


async def test_a_second_question_is_refused_while_an_answer_comes_and_nothing_is_lost(
    program: Program, fake: FakeOllama
) -> None:
    fake.hold.clear()
    session = program.chat()
    program.replies.send(session.id, "one")
    await program.says(session.id)
    with pytest.raises(AlreadyRunning, match="still running"):
        program.replies.send(session.id, "two")
    with pytest.raises(AlreadyRunning):
        program.replies.regenerate(session.id, session.messages[0].id)
    fake.hold.set()
    await program.worker.idle()
    assert [each.content for each in program.stored(session.id).messages] == ["one", fake.reply]


async def test_two_conversations_are_answered_at_once(program: Program, fake: FakeOllama) -> None:
    fake.hold.clear()
    first, second = program.chat(), program.chat(model="qwen3:8b")
    for each in (first, second):
        program.replies.send(each.id, "Hi")
    for each in (first, second):
        await program.says(each.id)
    assert program.replies.count == 2
    fake.hold.set()
    await program.worker.idle()
    for each in (first, second):
        assert program.stored(each.id).branch()[-1].content == fake.reply
    assert program.replies.count == 0


async def test_an_answer_goes_on_when_its_conversation_is_closed(
    program: Program, fake: FakeOllama
) -> None:
    fake.hold.clear()
    session = program.chat()
    program.replies.send(session.id, "Hi")
    await program.says(session.id)
    program.conversations.close(session.id)
    elsewhere = SessionStore(program.places, Writer()).lock(session.id)
    assert not elsewhere.take()
    fake.hold.set()
    await program.worker.idle()
    assert program.stored(session.id).branch()[-1].content == fake.reply
    program.conversations.close("another")  # what is closed and written is unlocked
    assert elsewhere.take()
    elsewhere.release()


# --- stopping and going on ---


async def test_stop_keeps_what_was_said_and_the_server_stops(
    program: Program, fake: FakeOllama
) -> None:
    fake.hold.clear()
    session = program.chat()
    program.replies.send(session.id, "Hi")
    await program.says(session.id)
    assert program.replies.stop(session.id)
    assert not program.replies.stop(session.id)
    assert program.replies.running(session.id) is None
    await program.worker.idle()
    await eventually(lambda: fake.hung_up == ["/api/chat"], "the server to be left alone")
    answer = program.stored(session.id).branch()[-1]
    assert (answer.state, answer.content) == ("stopped", fake.reply[:4])
    assert program.journals() == []
    ended = program.heard(ReplyEnded)
    assert [event.message for event in ended] == [answer]


async def test_stopping_at_once_leaves_the_conversation_free(
    program: Program, fake: FakeOllama
) -> None:
    session = program.chat()
    program.replies.send(session.id, "Hi")
    assert program.replies.stop(session.id)  # before its task has run at all
    program.replies.send(session.id, "Hi again")
    await program.worker.idle()
    states = [(each.content, each.state) for each in program.stored(session.id).messages]
    assert states == [
        ("Hi", "complete"),
        ("", "stopped"),
        ("Hi again", "complete"),
        (fake.reply, "complete"),
    ]


async def test_after_a_stop_nothing_more_is_told_of_the_answer(
    program: Program, fake: FakeOllama
) -> None:
    fake.hold.clear()
    session = program.chat()
    program.replies.send(session.id, "Hi")
    await program.says(session.id)
    program.replies.stop(session.id)
    fake.hold.set()
    await program.worker.idle()
    kinds = [type(each) for each in program.told if isinstance(each, ReplyChanged | ReplyEnded)]
    assert kinds[-1] is ReplyEnded
    assert kinds.count(ReplyEnded) == 1


async def test_regenerate_answers_beside_the_old_answer(program: Program, fake: FakeOllama) -> None:
    chat = await program.asked("Hi")
    first = program.last(chat)
    fake.reply = "In other words."
    program.replies.regenerate(chat, first.id)
    await program.worker.idle()
    session = program.stored(chat)
    assert [each.content for each in session.branch()] == ["Hi", "In other words."]
    assert [each.id for each in session.siblings(first)] == [first.id, session.leaf]
    assert question_of(fake) == [("user", "Hi")]


async def test_a_question_can_be_answered_again(program: Program, fake: FakeOllama) -> None:
    chat = await program.asked("Hi")
    question = program.conversations.open(chat).branch()[0]
    program.replies.regenerate(chat, question.id)
    await program.worker.idle()
    assert len(program.stored(chat).messages) == 3
    assert program.last(chat).parent == question.id


async def test_a_question_in_other_words_stands_beside_the_first(
    program: Program, fake: FakeOllama
) -> None:
    chat = await program.asked("one")
    program.replies.send(chat, "two")
    await program.worker.idle()
    second = program.conversations.open(chat).branch()[2]
    program.replies.send(chat, "two in other words", instead_of=second)
    await program.worker.idle()
    session = program.stored(chat)
    assert [each.content for each in session.branch()] == [
        "one",
        fake.reply,
        "two in other words",
        fake.reply,
    ]
    assert len(session.messages) == 6
    assert question_of(fake)[-1] == ("user", "two in other words")


async def test_the_first_question_can_be_asked_in_other_words(
    program: Program, fake: FakeOllama
) -> None:
    chat = await program.asked("one")
    first = program.conversations.open(chat).branch()[0]
    program.replies.send(chat, "other", instead_of=first)
    await program.worker.idle()
    assert [each.content for each in program.stored(chat).branch()] == ["other", fake.reply]
    assert question_of(fake) == [("user", "other")]


async def test_an_answer_that_was_cut_short_goes_on(program: Program, fake: FakeOllama) -> None:
    fake.hold.clear()
    session = program.chat()
    program.replies.send(session.id, "Hi")
    await program.says(session.id)
    program.replies.stop(session.id)
    fake.hold.set()
    short = program.last(session.id)
    fake.reply = "— and the rest."
    program.replies.proceed(session.id, short.id)
    await program.worker.idle()
    answer = program.stored(session.id).branch()[-1]
    assert answer.content == short.content + fake.reply
    assert answer.state == "complete"
    assert answer.parent == short.parent
    assert question_of(fake) == [("user", "Hi"), ("assistant", short.content)]
    program.replies.proceed(session.id, answer.id)  # whole: there is nothing to go on with
    assert program.replies.count == 0


async def test_going_on_without_a_server_keeps_the_text_and_can_be_tried_again(
    program: Program, fake: FakeOllama
) -> None:
    fake.drop_after = 2
    chat = await program.asked("Hi")
    short = program.last(chat)
    fake.errors["/api/chat"] = (500, "no")
    program.replies.proceed(chat, short.id)
    await program.worker.idle()
    again = program.last(chat)
    assert again.id != short.id
    assert (again.content, again.state, again.resumable) == (short.content, "interrupted", True)


# --- trouble ---


async def test_a_connection_cut_in_mid_stream_keeps_the_text(
    program: Program, fake: FakeOllama
) -> None:
    fake.drop_after = 3
    chat = await program.asked("Hi")
    answer = program.stored(chat).branch()[-1]
    assert (answer.content, answer.state) == (fake.reply[:12], "interrupted")
    assert "broke off" in answer.error
    assert answer.resumable


async def test_an_error_before_the_first_token_fails_with_its_text(
    program: Program, fake: FakeOllama
) -> None:
    fake.errors["/api/chat"] = (500, "model requires more system memory")
    chat = await program.asked("Hi")
    answer = program.stored(chat).branch()[-1]
    assert (answer.content, answer.state) == ("", "failed")
    assert "more system memory" in answer.error
    fake.errors.clear()
    program.replies.regenerate(chat, answer.id)
    await program.worker.idle()
    assert program.stored(chat).branch()[-1].content == fake.reply


async def test_an_error_inside_the_stream_keeps_the_text(
    program: Program, fake: FakeOllama
) -> None:
    fake.error_after = 2
    chat = await program.asked("Hi")
    answer = program.stored(chat).branch()[-1]
    assert (answer.content, answer.state) == (fake.reply[:8], "interrupted")
    assert fake.error_text in answer.error


async def test_a_host_that_is_down_fails_the_answer(program: Program, fake: FakeOllama) -> None:
    await fake.stop()
    chat = await program.asked("Hi")
    answer = program.stored(chat).branch()[-1]
    assert answer.state == "failed"
    assert "Nothing listens" in answer.error
    await fake.__aenter__()


async def test_a_host_that_is_not_configured_fails_the_answer(program: Program) -> None:
    chat = await program.asked("Hi", host="gone")
    answer = program.stored(chat).branch()[-1]
    assert answer.state == "failed"
    assert "no host named gone" in answer.error


async def test_an_empty_answer_says_so(program: Program, fake: FakeOllama) -> None:
    fake.reply = ""
    chat = await program.asked("Hi")
    answer = program.stored(chat).branch()[-1]
    assert (answer.state, answer.error) == ("complete", "the model answered nothing")


async def test_a_bug_in_one_answer_does_not_cost_the_others(
    program: Program, fake: FakeOllama, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake.hold.clear()
    good, bad = program.chat(), program.chat(model="qwen3:8b")
    program.replies.send(good.id, "Hi")
    program.replies.send(bad.id, "Hi")
    for each in (good, bad):
        await program.says(each.id)
    take = Reply._take

    def burst(self: Reply, delta: Delta) -> None:
        if self.session_id == bad.id:
            raise ZeroDivisionError("a bug")
        take(self, delta)

    monkeypatch.setattr(Reply, "_take", burst)
    fake.hold.set()
    await program.worker.idle()
    assert program.stored(good.id).branch()[-1].content == fake.reply
    answer = program.stored(bad.id).branch()[-1]
    assert (answer.content, answer.state) == (fake.reply[:4], "failed")
    assert "a bug" in answer.error
    assert await program.asked("still at work")


async def test_even_a_bug_while_failing_costs_only_that_answer(
    program: Program, fake: FakeOllama, monkeypatch: pytest.MonkeyPatch
) -> None:
    caught: list[object] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _loop, context: caught.append(context["exception"]))
    remove = program.conversations.change
    monkeypatch.setattr(program.conversations, "change", lambda *_: 1 / 0)
    session = program.chat()
    with pytest.raises(ZeroDivisionError):
        program.replies.send(session.id, "Hi")
    monkeypatch.setattr(program.conversations, "change", remove)
    program.replies.send(session.id, "Hi")
    monkeypatch.setattr(program.conversations, "change", lambda *_: 1 / 0)
    await program.worker.idle()
    assert [type(each) for each in caught] == [ZeroDivisionError]
    monkeypatch.setattr(program.conversations, "change", remove)
    assert program.stored(await program.asked("still at work")).branch()[-1].content == fake.reply


# --- what it waits for ---


async def phases_of(program: Program, chat: str) -> list[Phase]:
    return [
        each.reply.phase for each in program.heard(ReplyChanged) if each.reply.session_id == chat
    ]


async def test_an_answer_says_whom_it_is_queued_behind(program: Program, fake: FakeOllama) -> None:
    fake.hold.clear()
    fake.first_byte_delay = 60
    first, second = program.chat(), program.chat()
    program.replies.send(first.id, "The first question")
    program.replies.send(second.id, "Hi")

    def queued() -> bool:
        state = program.replies.running(second.id)
        return state is not None and state.phase == "queued"

    await eventually(queued, "the second to wait")
    state = program.replies.running(second.id)
    assert state is not None
    assert state.detail == "The first question"


async def test_an_answer_says_that_its_model_is_loaded_and_reads(
    program: Program, fake: FakeOllama, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replying, "_LOOK", 0.05)
    fake.load_delay = 0.3
    fake.first_byte_delay = 60
    program.worker.start()
    await eventually(lambda: program.hosts.status("local").state == "up", "the host")
    session = program.chat()
    program.replies.send(session.id, "Hi")

    def phase() -> Phase | None:
        state = program.replies.running(session.id)
        return state.phase if state else None

    await eventually(lambda: phase() == "loading", "the loading to be told")
    await eventually(lambda: phase() == "reading", "the reading to be told")
    paths = [path for _method, path, _body in fake.asked]
    assert paths.count("/api/ps") > 3 * paths.count("/api/tags")  # a long list, asked for seldom


async def test_thinking_comes_before_answering_and_is_timed(
    program: Program, fake: FakeOllama
) -> None:
    fake.thinking, fake.tps = "Let me think about it. " * 3, 60
    fake.add_model(MODEL)
    chat = await program.asked("Hi")
    answer = program.stored(chat).branch()[-1]
    assert answer.thinking == fake.thinking
    assert 0.1 <= answer.thought < 5
    phases = await phases_of(program, chat)
    assert phases.index("thinking") < phases.index("answering")
    assert "thinking" not in phases[phases.index("answering") :]


# --- events ---


async def test_listeners_hear_seldom_of_many_deltas_and_always_of_the_last(
    program: Program, fake: FakeOllama
) -> None:
    fake.tokens, fake.tps = 1000, 1000
    began = time.monotonic()
    chat = await program.asked("Hi")
    seconds = time.monotonic() - began
    changes = [each for each in program.heard(ReplyChanged) if each.reply.message.content]
    assert len(changes) <= 12 * seconds + 2
    answer = program.last(chat)
    assert len(answer.content) == 4000
    assert changes[-1].reply.message.content == answer.content
    assert changes[len(changes) // 2].reply.tokens_per_second > 100


async def test_the_journal_knows_before_any_listener(
    program: Program, fake: FakeOllama, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[tuple[str, str]] = []
    add = Journal.add

    def noted(self: Journal, content: str, thinking: str, tool_calls: list[object]) -> None:
        order.append(("journal", content))
        add(self, content, thinking, [])

    def hear(event: object) -> None:
        if isinstance(event, ReplyChanged) and event.reply.message.content:
            order.append(("listener", event.reply.message.content))

    monkeypatch.setattr(Journal, "add", noted)
    program.worker.events.subscribe(hear)
    fake.tps, fake.tokens = 50, 40
    await program.asked("Hi")
    assert len(order) >= 4
    assert [kind for kind, _text in order] == ["journal", "listener"] * (len(order) // 2)
    so_far = ""
    for (_journal, piece), (_listener, text) in zip(order[::2], order[1::2], strict=True):
        so_far += piece
        assert text == so_far


async def test_a_session_is_told_with_its_answer_before_the_end_is(program: Program) -> None:
    chat = await program.asked("Hi")
    changed = program.heard(SessionChanged)[-1]
    ended = program.heard(ReplyEnded)[-1]
    assert program.told.index(changed) < program.told.index(ended)
    assert changed.session.get(ended.message.id) == ended.message
    assert ended.session_id == chat


# --- the end ---


async def test_leaving_keeps_running_answers_within_a_second(
    fake: FakeOllama, tmp_path: Path
) -> None:
    fake.hold.clear()
    async with Program(tmp_path, local=fake.url) as program:
        program.worker.start()
        sessions = [program.chat() for _each in range(3)]
        for each in sessions:
            program.replies.send(each.id, "Hi")
        for each in sessions:
            await program.says(each.id)
        began = time.monotonic()
    assert time.monotonic() - began < 1
    assert len(program.heard(ReplyEnded)) == 3
    async with Program(tmp_path, local=fake.url) as after:
        after.conversations.recover()  # a slow disk had no time for more than the journals
        for each in sessions:
            answer = after.conversations.open(each.id).branch()[-1]
            assert (answer.content, answer.state) == (fake.reply[:4], "interrupted")
            assert "the program" in answer.error
        assert after.journals() == []


async def test_leaving_right_after_a_question_keeps_it(fake: FakeOllama, tmp_path: Path) -> None:
    async with Program(tmp_path, local=fake.url) as program:
        session = program.chat()
        program.replies.send(session.id, "Hi")
    messages: list[Message] = program.stored(session.id).branch()
    assert [(each.content, each.state) for each in messages] == [
        ("Hi", "complete"),
        ("", "interrupted"),
    ]


async def test_a_conversation_that_is_removed_takes_its_running_answer_along(
    program: Program, fake: FakeOllama
) -> None:
    fake.hold.clear()
    session = program.chat()
    program.replies.send(session.id, "Hi")
    await program.says(session.id)
    left: list[int] = []
    program.worker.events.subscribe(
        lambda event: (
            left.append(len(program.conversations.titles()))
            if isinstance(event, SessionRemoved)
            else None
        )
    )
    program.conversations.remove(session.id)
    assert left == [0]  # whoever hears of it finds it gone
    fake.hold.set()
    await program.worker.idle()
    assert [*program.places.sessions.iterdir()] == []
    assert program.conversations.titles() == []
    kinds = [type(event) for event in program.told]
    assert kinds.index(ReplyEnded) < kinds.index(SessionRemoved)
    program.conversations.restore(session.id)
    assert program.last(session.id).content == fake.reply[:4]
    assert [title.id for title in program.conversations.titles()] == [session.id]
