"""Settings of a conversation, by command."""

from pathlib import Path

import pytest

from fake_ollama import FakeOllama
from user import chatting


async def test_what_is_set_goes_with_the_next_question(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask("/set parameter temperature 0.2")
        await user.ask("/set system Be brief.")
        await user.ask("/set keepalive 10m")
        await user.ask("/set nothink")
        await user.ask_and_hear("Hi")
        body = next(body for _how, path, body in fake.asked if path == "/api/chat")
        assert body["options"] == {"temperature": 0.2}
        assert body["messages"][0] == {"role": "system", "content": "Be brief."}
        assert body["keep_alive"] == "10m"
        assert body["think"] is False
        assert user.sees("t 0.2")


async def test_what_cannot_be_set_is_said(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask("/set parameter temperature hot")
        await user.until(lambda: user.told)
        assert user.said == "temperature is a number, not hot."
        assert not user.session.options


async def test_a_model_that_cannot_think_is_told_of(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask("/set think high")
        await user.until(lambda: len(user.told) == 2)
        assert "llama3.2:3b cannot think" in user.said
        assert user.session.think == "high"


async def test_another_window_is_offered_to_other_chats_of_the_model(
    fake: FakeOllama, tmp_path: Path
) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("Cats")
        await user.ask("/new")
        await user.sees_soon("Ask llama3.2:3b anything.")
        await user.ask("/set parameter num_ctx 8192")
        await user.sees_soon("use 8192 there, too")
        await user.press("enter")
        await user.rest()
        assert user.stored()[0].options == {"num_ctx": 8192}
        assert user.session.options == {"num_ctx": 8192}


async def test_a_chat_that_is_opened_is_offered_the_window_of_the_open_ones(
    fake: FakeOllama, tmp_path: Path
) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("Cats")
        await user.press("escape", "x")
        await user.ask("/new")
        await user.ask("/set parameter num_ctx 8192")
        await user.ask_and_hear("Dogs")
        await user.press("escape", "/")
        await user.until(lambda: user.chats.drawer.line.has_focus, "the line of the list")
        await user.type("Cats")
        await user.press("enter")
        await user.sees_soon("use 8192 there, too")
        await user.press("enter")
        await user.until(lambda: user.session.options == {"num_ctx": 8192})
        assert user.session.title == "Cats"


async def test_a_new_chat_loads_the_model_as_the_others_do(
    fake: FakeOllama, tmp_path: Path
) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask("/set parameter num_ctx 8192")
        await user.ask("/set parameter seed 4")
        await user.ask_and_hear("Cats")
        await user.press("ctrl+n")
        await user.sees_soon("Ask llama3.2:3b anything.")
        assert user.session.options == {"num_ctx": 8192}
        await user.ask("/new gemma3:4b")
        await user.ask_and_hear("Dogs")
        await user.ask("/new qwen3:8b")
        await user.sees_soon("Ask qwen3:8b anything.")
        assert user.session.options == {}


async def test_a_chat_that_turns_to_a_model_loads_it_as_the_others_do(
    fake: FakeOllama, tmp_path: Path
) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask("/set parameter num_ctx 8192")
        await user.ask_and_hear("Cats")
        await user.ask("/new gemma3:4b")
        await user.ask("/set parameter num_gpu 0")
        await user.ask("/model llama3.2:3b")
        await user.sees_soon("use 0 there, too")
        assert user.session.options == {"num_ctx": 8192, "num_gpu": 0}
        await user.press("escape")
        await user.rest()
        assert user.stored()[0].options == {"num_ctx": 8192}
        await user.press("ctrl+o")
        await user.sees_soon("Model for this chat")
        await user.press("escape")
        await user.rest()
        assert user.app.screen is user.chats, "nothing was chosen, so nothing is asked"


async def test_nothing_is_asked_while_all_chats_agree(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask("/set parameter num_ctx 8192")
        await user.rest()
        assert user.chats.is_current


@pytest.mark.parametrize(
    ("command", "seen"),
    [
        ("/set", "/set nothink"),
        ("/set parameter", "repeat_last_n"),
        ("/? set", "/set format json"),
        ("/? show", "/show template"),
        ("/? load", "begin with a model"),
        ("/? shortcuts", "Keys"),
        ("/show", "/show license"),
        ("/show license", "MIT License"),
        ("/show info", "context length"),
        ("/show system", "Nothing is set."),
        ("/show template", "{{ .System }}"),
        ("/show parameters", "Of the model:"),
    ],
)
async def test_there_is_a_page_to_read(
    fake: FakeOllama, tmp_path: Path, command: str, seen: str
) -> None:
    async with chatting(tmp_path, fake.url, size=(100, 40)) as user:
        await user.ask(command)
        await user.sees_soon(seen)
        await user.press("escape")
        await user.until(lambda: user.chats.is_current)
        assert not fake.replies


async def test_help_for_what_is_no_command(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask("/? dance")
        await user.until(lambda: user.told)
        assert "There is no command dance." in user.said


async def test_show_says_what_is_wrong_with_the_server(fake: FakeOllama, tmp_path: Path) -> None:
    fake.errors["/api/show"] = (404, "model not found")
    async with chatting(tmp_path, fake.url) as user:
        await user.ask("/show license")
        await user.until(lambda: user.told)
        assert "llama3.2:3b" in user.said


async def test_the_history_can_be_left_alone(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask("/set nohistory")
        await user.ask_and_hear("A secret")
        await user.ask("/set history")
        await user.ask_and_hear("No secret")
        assert user.worker.workspace.history() == ["No secret"]


async def test_what_begins_with_a_space_is_a_message(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear(" /set parameter temperature 1")
        assert user.last.role == "assistant"
        assert not user.session.options
