"""The program as a whole: its screens, help, palette, settings, and leaving it."""

from pathlib import Path

import pytest
from textual.command import CommandPalette
from textual.widgets import OptionList

from fake_ollama import FakeOllama
from tui.screens.help import HelpPage
from tui.screens.keys import sections
from user import NOBODY, chatting, started


async def test_the_first_frame_stands_before_any_server_is_asked(
    fake: FakeOllama, tmp_path: Path
) -> None:
    async with started(tmp_path, fake.url) as user:
        assert user.sees("1 Chats")
        assert user.sees("^Q quit")


async def test_one_to_four_show_the_screens(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.press("escape", "2")
        await user.sees_soon("gemma3:4b")
        await user.press("3")
        await user.sees_soon("Nothing to download")
        await user.press("4")
        await user.sees_soon("f fleet")
        await user.press("1")
        await user.sees_soon("Ask llama3.2:3b anything.")


async def test_digits_are_text_in_the_prompt(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.type("1234?xq<>")
        assert user.prompt == "1234?xq<>"


async def test_an_answer_goes_on_while_another_screen_shows(
    fake: FakeOllama, tmp_path: Path
) -> None:
    fake.reply = "A whole answer."
    fake.hold.clear()
    async with chatting(tmp_path, fake.url) as user:
        await user.ask("Hi")
        await user.begins()
        await user.press("escape", "2")
        await user.sees_soon("gemma3:4b")
        fake.hold.set()
        await user.rest()
        await user.press("1")
        await user.sees_soon("A whole answer.")


async def test_ctrl_n_begins_a_chat_from_any_screen(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("Cats")
        await user.press("escape", "4", "ctrl+n")
        await user.sees_soon("Ask llama3.2:3b anything.")
        await user.type("x")
        assert user.prompt == "x"


async def test_a_model_of_the_library_can_be_talked_to(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.press("escape", "2")
        await user.sees_soon("qwen3:8b")
        await user.press("slash", *"qwen", "enter", "enter")
        await user.sees_soon("Ask qwen3:8b anything.")


async def test_the_help_page_lists_every_binding_once(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.press("escape", "?")
        await user.sees_soon("Keys")
        assert isinstance(user.app.screen, HelpPage)
        for section in sections(type(user.app)):
            assert section.hints, section.title
            said = [(hint.key, hint.label) for hint in section.hints]
            assert len(said) == len({*said}), section.title
        await user.press("escape")
        await user.until(lambda: user.chats.is_current, "the chat")


async def test_the_palette_lists_what_can_be_done_and_does_it(
    fake: FakeOllama, tmp_path: Path
) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.press("ctrl+p")
        await user.until(lambda: isinstance(user.app.screen, CommandPalette))
        options = user.app.screen.query_one(OptionList)
        await user.until(lambda: options.option_count > 5)
        await user.type("sessions")
        await user.until(lambda: options.option_count == 2, "the key and the command")
        await user.press("enter", "enter")
        await user.sees_soon("Nothing here yet.")
        assert not isinstance(user.app.screen, CommandPalette)


async def test_the_picker_changes_the_model_of_the_chat(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("Cats")
        await user.press("ctrl+o")
        await user.sees_soon("Model for this chat")
        await user.type("gemma")
        await user.press("enter")
        await user.until(lambda: user.chats.model == "gemma3:4b")
        assert user.sees("gemma3:4b")
        await user.ask_and_hear("Dogs")
        assert [m.model for m in user.session.branch()][1::2] == ["llama3.2:3b", "gemma3:4b"]


async def test_ctrl_n_in_the_picker_begins_a_chat_with_the_model(
    fake: FakeOllama, tmp_path: Path
) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("Cats")
        await user.press("ctrl+o")
        await user.sees_soon("Model for this chat")
        await user.type("gemma")
        await user.press("ctrl+n")
        await user.sees_soon("Ask gemma3:4b anything.")
        assert len(user.chats.desk.tabs.ids) == 2


async def test_a_model_that_is_not_here_is_queued(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.press("ctrl+o")
        await user.sees_soon("Model for this chat")
        await user.type("qwen3:0.6b")
        await user.sees_soon("not here: enter pulls")
        await user.press("enter")
        await user.until(lambda: "is in the queue" in " ".join(user.told))
        await user.rest()
        assert "qwen3:0.6b" in fake.models


async def test_the_end_of_a_pull_is_told_once_its_row_is_not_in_sight(
    fake: FakeOllama, tmp_path: Path
) -> None:
    fake.errors["/api/pull"] = (500, "no such host")
    async with chatting(tmp_path, fake.url) as user:
        await user.press("escape", "3")
        user.worker.pulls.add("one:1b", "local")
        await user.until(lambda: user.sees("no such host"))
        await user.rest()
        assert not user.told
        await user.press("1")
        user.worker.pulls.add("two:1b", "local")
        await user.until(lambda: "two:1b" in user.said and "no such host" in user.said)


async def test_quitting_asks_once_while_an_answer_comes(fake: FakeOllama, tmp_path: Path) -> None:
    fake.hold.clear()
    async with chatting(tmp_path, fake.url) as user:
        await user.ask("Hi")
        await user.begins()
        await user.press("ctrl+q")
        await user.sees_soon("1 answer is still coming")
        await user.press("escape")
        await user.until(lambda: not user.sees("still coming"))
        assert user.app.is_running
        await user.press("ctrl+q")
        await user.sees_soon("1 answer is still coming")
        await user.press("enter")
        await user.until(lambda: not user.app.is_running)
    assert user.stored()[0].messages[-1].state == "interrupted"


async def test_an_idle_program_is_left_at_once(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.press("ctrl+q")
        await user.until(lambda: not user.app.is_running)


async def test_ctrl_c_never_quits(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.press("ctrl+c", "ctrl+c", "escape", "ctrl+c", "2", "ctrl+c")
        assert user.app.is_running
        assert not user.told


async def test_a_damaged_session_is_told_and_set_aside(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("Cats")
        file = tmp_path / "data" / "sessions" / f"{user.session.id}.json"
    file.write_text('{"schema": 1, "messages": [{')
    async with chatting(tmp_path, fake.url) as user:
        await user.until(lambda: any(file.name in text for text in user.told))
        assert user.app.is_running
        assert any(".damaged-" in each.name for each in file.parent.iterdir())


async def test_settings_choose_the_theme_and_what_is_unknown_is_told(
    fake: FakeOllama, tmp_path: Path
) -> None:
    config = tmp_path / "config" / "config.toml"
    config.parent.mkdir()
    config.write_text('theme = "paper"\nthem = 1\npulls_at_once = "2"\n')
    async with chatting(tmp_path, fake.url) as user:
        assert user.app.theme == "paper"
        (told,) = (text for text in user.told if "there is no setting them" in text)
        assert "pulls_at_once is not used: Expected `int`, got `str`." in told


@pytest.mark.parametrize("theme", ["ansi", "nord", "ansi-light"])
async def test_every_theme_can_be_used(fake: FakeOllama, tmp_path: Path, theme: str) -> None:
    config = tmp_path / "config" / "config.toml"
    config.parent.mkdir()
    config.write_text(f'theme = "{theme}"\n')
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("Hi")
        await user.press("ctrl+o")
        await user.sees_soon("Model for this chat")
        assert user.app.theme == theme


async def test_a_theme_nobody_knows_is_told(fake: FakeOllama, tmp_path: Path) -> None:
    config = tmp_path / "config" / "config.toml"
    config.parent.mkdir()
    config.write_text('theme = "mauve"\n')
    async with chatting(tmp_path, fake.url) as user:
        assert user.app.theme == "dusk"
        await user.until(lambda: any("mauve" in text for text in user.told))


@pytest.mark.parametrize("size", [(10, 3), (1, 1), (40, 15), (300, 100)])
async def test_no_window_is_too_small_or_large(
    fake: FakeOllama, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with chatting(tmp_path, fake.url, size=size) as user:
        await user.ask_and_hear("Hi")
        for key in ("escape", "2", "3", "4", "question_mark", "escape", "1", "ctrl+r", "ctrl+r"):
            await user.press(key)
        await user.press("ctrl+o", "escape", "ctrl+p", "escape", "ctrl+q")
        await user.until(lambda: not user.app.is_running)


async def test_a_window_may_change_its_size(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("Hi")
        for width, height in ((40, 15), (10, 3), (120, 40)):
            await user.pilot.resize_terminal(width, height)
            await user.pilot.pause()
        assert user.sees("1 Chats   2 Models   3 Downloads   4 Hosts")


async def test_the_same_program_runs_without_a_server(tmp_path: Path) -> None:
    async with started(tmp_path, NOBODY) as user:
        await user.sees_soon("No Ollama server answered")
        for key in ("2", "3", "4", "1"):
            await user.press(key)
        await user.press("ctrl+o")
        await user.pilot.pause()
        await user.press("escape", "ctrl+q")
        await user.until(lambda: not user.app.is_running)
