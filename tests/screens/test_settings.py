"""The dialog with all settings of a conversation."""

from pathlib import Path

from fake_ollama import FakeOllama
from tui.screens.dialogs.settings import SettingsDialog
from tui.widgets.rows import Rows
from user import User, chatting


async def opened(user: User, setting: str) -> None:
    """The dialog, with the cursor on a setting."""
    await user.ask("/settings")
    await user.sees_soon("Settings of this chat")
    user.app.screen.query_one(Rows).move_to(setting)
    await user.pilot.pause()


async def back(user: User) -> None:
    await user.until(lambda: isinstance(user.app.screen, SettingsDialog))


async def test_an_option_is_typed_checked_and_taken_back(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url, size=(100, 40)) as user:
        await opened(user, "temperature")
        assert user.sees("how freely it chooses words (number from 0).")
        await user.sees_soon("the model's 0.7")
        await user.press("enter")
        await user.type("hot")
        await user.press("enter")
        assert user.sees("temperature is a number, not hot.")
        await user.press("ctrl+u")
        await user.type("0.3")
        await user.press("enter")
        await back(user)
        assert user.session.options == {"temperature": 0.3}
        await user.press("d")
        assert user.session.options == {}


async def test_what_the_model_has_of_its_own_stands_before_defaults(
    fake: FakeOllama, tmp_path: Path
) -> None:
    own = {"num_predict": 512, "stop": ["<|im_start|>", "<|im_end|>"]}
    fake.made_of["llama3.2:3b"] = {"parameters": own, "system": "You are terse."}
    async with chatting(tmp_path, fake.url, size=(100, 40)) as user:
        await opened(user, "num_predict")
        await user.sees_soon("num_predict           the model's 512")
        assert user.sees("system prompt         the model's You are terse.")
        assert user.sees("repeat_penalty        default 1")
        await user.press("enter")
        await user.sees_soon("the model's 512")
        await user.type("64")
        await user.press("enter")
        await back(user)
        await user.until(lambda: user.sees("num_predict           64"))
        user.app.screen.query_one(Rows).move_to("stop")
        await user.sees_soon('stop                  the model\'s "<|im_start|>" "<|im_end|>"')


async def test_a_server_that_does_not_tell_of_the_model_leaves_the_defaults(
    fake: FakeOllama, tmp_path: Path
) -> None:
    fake.errors["/api/show"] = (404, "model not found")
    async with chatting(tmp_path, fake.url, size=(100, 40)) as user:
        await opened(user, "temperature")
        await user.until(lambda: any(path == "/api/show" for _how, path, _body in fake.asked))
        assert user.sees("default 0.8")


async def test_the_system_prompt_has_several_lines(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await opened(user, "system")
        await user.press("enter")
        await user.sees_soon("System prompt")
        await user.type("Be brief.")
        await user.press("ctrl+j")
        await user.type("Be kind.")
        await user.press("enter")
        await back(user)
        assert user.session.system == "Be brief.\nBe kind."
        await user.press("d")
        assert user.session.system == ""


async def test_thinking_and_format_are_chosen(fake: FakeOllama, tmp_path: Path) -> None:
    fake.thinking = "Hm."
    for model in fake.models.values():
        model["capabilities"].append("thinking")
    async with chatting(tmp_path, fake.url) as user:
        await opened(user, "think")
        await user.press("enter", "G", "enter")
        await back(user)
        assert user.session.think == "max"
        await user.press("j", "enter", "j", "enter")
        await back(user)
        assert user.session.format == "json"


async def test_a_schema_is_typed(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await opened(user, "format")
        await user.press("enter", "G", "enter")
        await user.type('{"type": "object"}')
        await user.press("enter")
        await back(user)
        assert user.session.format == {"type": "object"}


async def test_a_schema_comes_from_a_file(fake: FakeOllama, tmp_path: Path) -> None:
    schema = tmp_path / "schema.json"
    schema.write_text('{"type": "array"}')
    async with chatting(tmp_path, fake.url) as user:
        await user.ask(f"/set format {schema}")
        await user.until(lambda: user.session.format == {"type": "array"})
        await user.ask("/set format nowhere.json")
        await user.until(lambda: "nowhere.json cannot be read" in user.said)
        assert user.session.format == {"type": "array"}


async def test_a_key_of_browse_mode_opens_it(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.press("escape", "S")
        await user.sees_soon("Settings of this chat")
        await user.press("escape")
        await user.until(lambda: user.chats.is_current)


async def test_it_can_be_used_in_a_small_window(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url, size=(40, 15)) as user:
        await opened(user, "use_mmap")
        await user.press("enter", "j", "enter")
        await back(user)
        assert user.session.options == {"use_mmap": True}
