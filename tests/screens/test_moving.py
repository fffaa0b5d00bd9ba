"""Conversations and hosts: each has one, can move to another, and many answer at once."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from fake_ollama import FakeOllama
from user import User, chatting


@pytest.fixture
async def lab() -> AsyncIterator[FakeOllama]:
    async with FakeOllama(reply="From the lab.") as server:
        yield server


@pytest.fixture
async def user(fake: FakeOllama, lab: FakeOllama, tmp_path: Path) -> AsyncIterator[User]:
    """Somebody with two servers, of which `box` is in use."""
    fake.reply = "From the box."
    servers = {"box": fake.url, "lab": lab.url}
    async with chatting(tmp_path, servers, size=(120, 40)) as user:
        await user.until(lambda: user.worker.hosts.status("lab").models, "the lab")
        yield user


async def test_one_key_moves_a_conversation_to_another_host(user: User, lab: FakeOllama) -> None:
    await user.ask_and_hear("Hi")
    await user.press("escape", "H")
    await user.sees_soon("Which host answers here?")
    assert user.sees("lab · 3 models")
    await user.press("j", "enter")
    await user.until(lambda: user.session.host == "lab")
    assert "● lab   llama3.2:3b" in user.screen[0]
    await user.sees_soon("box/llama3.2:3b")  # who answered before
    await user.press("enter")
    await user.ask_and_hear("And you?")
    assert (user.last.content, user.last.host) == ("From the lab.", "lab")
    asked = [body for _method, path, body in lab.asked if path == "/api/chat"]
    assert [message["content"] for message in asked[0]["messages"]] == [
        "Hi", "From the box.", "And you?",
    ]  # fmt: skip
    assert user.stored()[0].host == "lab"
    assert user.worker.hosts.current == "box"  # for new chats


async def test_a_command_moves_it_too_and_names_what_there_is(user: User) -> None:
    await user.ask("/host lab")
    await user.until(lambda: user.session.host == "lab")
    assert user.said == "llama3.2:3b on lab answers next."
    await user.ask("/host nowhere")
    await user.until(lambda: "There is no host nowhere" in user.said)
    assert "box, lab" in user.said


async def test_a_host_without_the_model_answers_with_one_of_its_own(
    user: User, lab: FakeOllama
) -> None:
    for name in [*lab.models]:
        del lab.models[name]
    lab.add_model("qwen3:32b")
    user.worker.hosts.look("lab")
    await user.until(lambda: len(user.worker.hosts.status("lab").models or ()) == 1)
    await user.ask("/host lab")
    await user.until(lambda: user.session.model == "qwen3:32b")
    lab.models.clear()
    user.worker.hosts.look("lab")
    await user.until(lambda: not user.worker.hosts.status("lab").models)
    await user.ask("/host box")
    await user.until(lambda: user.session.host == "box")
    await user.ask("/host lab")
    await user.until(lambda: "lab has no model that can chat" in user.said)
    assert user.session.host == "box"


async def test_the_model_picker_moves_it_in_one_go(user: User) -> None:
    await user.press("ctrl+o")
    await user.sees_soon("on lab")
    await user.press(*"gemma", "down", "enter")
    await user.until(lambda: (user.session.host, user.session.model) == ("lab", "gemma3:4b"))
    await user.press("ctrl+o")
    await user.sees_soon("on box")
    await user.press(*"qwen", "down", "ctrl+n")
    await user.until(lambda: (user.session.host, user.session.model) == ("box", "qwen3:8b"))


async def test_tabs_on_different_hosts_run_at_once(
    user: User, fake: FakeOllama, lab: FakeOllama
) -> None:
    fake.hold.clear()
    lab.hold.clear()
    await user.ask("One")
    await user.begins()
    first = user.session.id
    await user.press("ctrl+n")
    await user.until(lambda: user.session.id != first)
    await user.ask("/host lab")
    await user.until(lambda: user.session.host == "lab")
    await user.ask("Two")
    await user.begins()
    assert user.worker.replies.count == 2
    assert "● lab" in user.screen[0]
    await user.press("escape", "less_than_sign")
    await user.until(lambda: "● box" in user.screen[0])
    fake.hold.set()
    lab.hold.set()
    await user.rest()
    contents = {session.host: session.messages[-1].content for session in user.stored()}
    assert contents == {"box": "From the box.", "lab": "From the lab."}


async def test_the_same_question_goes_to_models_of_several_hosts(
    user: User, fake: FakeOllama
) -> None:
    await user.ask_and_hear("Hi")
    await user.press("escape", "m")
    await user.sees_soon("lab/qwen3:8b")
    await user.sees_soon("lab/llama3.2:3b")
    fake.hold.clear()
    await user.press("space", "j", "space", "enter")  # one of the box, one of the lab
    await user.sees_soon("From the lab.")  # while the box is still at it
    assert len(user.worker.replies.beside(user.session.id)) == 1
    fake.hold.set()
    await user.rest()
    await user.press("escape")
    answers = user.session.messages[1:]
    assert [each.host for each in answers] == ["box", "box", "lab"]
    assert [each.content for each in answers][1:] == ["From the box.", "From the lab."]
    await user.sees_soon(f"{answers[1].model}  ‹2/3›")
    assert user.session.host == "box"
    await user.press("v")
    await user.sees_soon(f"box/{answers[1].model}")
