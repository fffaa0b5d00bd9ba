"""Long pastes, as the one at the keyboard has them."""

from pathlib import Path

import pytest
from textual.events import Paste

from fake_ollama import FakeOllama
from tui.terminal import editor
from user import User, chatting

LONG = "".join(f"{n}: pasted\n" for n in range(900))


async def paste(user: User, text: str) -> None:
    user.chats.pane.prompt.post_message(Paste(text))
    await user.pilot.pause()


async def test_a_long_paste_is_asked_whole(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.type("Sum up: ")
        await paste(user, LONG)
        assert user.sees("Sum up: [pasted 11 kB]")
        await user.press("enter")
        await user.rest()
        assert user.session.messages[0].content == f"Sum up: {LONG}"


async def test_a_paste_that_was_not_sent_is_there_at_the_next_start(
    fake: FakeOllama, tmp_path: Path
) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("Hi")
        await user.type("see ")
        await paste(user, LONG)
        await user.pilot.pause()
    async with chatting(tmp_path, fake.url) as user:
        assert user.prompt == "see [pasted 11 kB]"
        await user.press("enter")
        await user.rest()
        assert user.session.branch()[2].content == f"see {LONG}"


async def test_a_paste_survives_the_history(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("Hi")
        await paste(user, LONG)
        await user.press("up")
        assert user.prompt == "Hi"
        await user.press("down")
        assert user.prompt == "[pasted 11 kB]"
        assert user.chats.pane.prompt.whole == LONG


async def test_the_editor_has_the_paste_whole(
    fake: FakeOllama, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    async def edited(_app: object, text: str) -> str:
        seen.append(text)
        return text + "!"

    monkeypatch.setattr(editor, "edited", edited)  # Pilot has no terminal to give away
    async with chatting(tmp_path, fake.url) as user:
        await paste(user, LONG)
        await user.press("ctrl+g")
        await user.until(lambda: user.prompt.endswith("!"))
        assert seen == [LONG]
        assert user.prompt == "[pasted 11 kB]!"


async def test_a_word_that_begins_a_line_below_the_last_one_in_sight_is_seen(
    fake: FakeOllama, tmp_path: Path
) -> None:
    async with chatting(tmp_path, fake.url, size=(40, 24)) as user:
        user.chats.pane.prompt.insert("word " * 104)
        await user.pilot.pause()
        for letter in "abcdefghijklmnopqrst":  # somewhere on the way the word wraps
            await user.press(letter)
            assert user.sees(user.prompt.rpartition(" ")[2])


async def test_what_a_paste_names_is_no_file_of_the_message(
    fake: FakeOllama, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "key").write_text("secret\n")
    (tmp_path / "notes").write_text("milk\n")
    monkeypatch.chdir(tmp_path)
    log = f"see @key\nand @logo.png\n{LONG}"
    async with chatting(tmp_path, fake.url) as user:
        await user.type("Sum up @notes: ")
        await paste(user, log)
        await user.press("enter")
        await user.rest()
        [question] = [each for each in user.session.messages if each.role == "user"]
        assert question.content == f"Sum up notes: {log.rstrip()}\n\nnotes:\n```\nmilk\n```"
        await user.ask_and_hear("Thanks")
        await user.press("escape", "k", "k", "k", "e")
        assert "@key" in user.chats.pane.prompt.whole
        await user.ask_and_hear("!")
        assert "secret" not in user.session.branch()[-2].content
        assert "@key" in user.session.branch()[-2].content


async def test_a_paste_that_could_not_be_sent_is_given_back_folded(
    fake: FakeOllama, tmp_path: Path
) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.type("With @gone.png: ")
        await paste(user, LONG)
        await user.press("enter")
        await user.until(lambda: "There is no image gone.png" in user.said)
        assert user.prompt == "With @gone.png: [pasted 11 kB]"
        assert user.chats.pane.prompt.whole == f"With @gone.png: {LONG}"


async def test_the_history_has_a_paste_folded(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.type("see ")
        await paste(user, LONG)
        await user.press("enter")
        await user.rest()
    async with chatting(tmp_path, fake.url) as user:
        await user.press("up")
        assert user.prompt == "see [pasted 11 kB]"
        await user.press("enter")
        await user.rest()
        assert user.session.branch()[2].content == f"see {LONG}"


async def test_a_command_is_given_a_paste_as_it_is_meant(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.type("/set system ")
        await paste(user, LONG)
        await user.press("enter")
        await user.until(lambda: user.session.system)
        assert user.session.system == LONG.rstrip()


async def test_a_paste_in_a_question_to_several_models_names_no_file_either(
    fake: FakeOllama, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "key").write_text("secret\n")
    monkeypatch.chdir(tmp_path)
    async with chatting(tmp_path, fake.url) as user:
        await user.type("/ask-all Sum up: ")
        await paste(user, f"see @key\n{LONG}")
        await user.press("enter")
        await user.until(lambda: user.session.messages)
        assert user.session.messages[0].content == f"Sum up: see @key\n{LONG}"


async def test_a_waiting_paste_that_names_a_file_is_edited_folded(
    fake: FakeOllama, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "key").write_text("secret\n")
    monkeypatch.chdir(tmp_path)
    fake.hold.clear()
    async with chatting(tmp_path, fake.url) as user:
        await user.ask("First")
        await user.begins()
        await paste(user, f"see @key\n{LONG}")
        await user.press("enter")
        await user.until(lambda: user.session.queued)
        await user.ask("Then")
        await user.until(lambda: len(user.session.queued) > 1)
        await user.press("escape", "w")
        await user.sees_soon("Waiting to be sent")
        await user.press("e")
        await user.until(lambda: user.prompt == "[pasted 11 kB]")
        await user.ask("!")
        await user.until(lambda: len(user.session.queued) > 1)
        assert user.session.queued[1] == f"see @key\n{LONG}!"
        fake.hold.set()
