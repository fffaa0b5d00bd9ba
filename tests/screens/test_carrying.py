"""Conversations go out into files, come in from others, and are gone to."""

import json
from pathlib import Path

import pytest

from fake_ollama import FakeOllama
from user import User, chatting


async def do(user: User, command: str, words: str = "") -> None:
    """Send a slash command."""
    user.chats.pane.write(f"/{command} {words}".rstrip())
    user.chats.pane.prompt.focus()
    await user.press("enter")
    await user.rest()


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")


async def test_a_conversation_is_written_where_the_program_was_started(
    fake: FakeOllama, tmp_path: Path
) -> None:
    fake.reply = "They purr."
    async with chatting(tmp_path, fake.url) as user:
        await do(user, "export")
        assert "nothing in this chat" in user.said
        await user.ask_and_hear("Cats")
        await do(user, "export")
        written = tmp_path / "here" / "ollama-tui-Cats.md"
        await user.until(lambda: str(written) in user.said)
        assert "They purr." in written.read_text()
        await do(user, "export", "cats.txt")
        await user.until((tmp_path / "here" / "cats.txt").exists)
        await do(user, "export", "nowhere/cats.txt")
        await user.until(lambda: "No such file" in user.said)


async def test_all_conversations_are_written_into_a_folder_and_come_back(
    fake: FakeOllama, tmp_path: Path
) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("Cats")
        await user.press("ctrl+n")
        await user.ask_and_hear("Dogs")
        await do(user, "export", "all json out")
        await user.until(lambda: "2 conversations written into" in user.said)
        await do(user, "import", "out")
        await user.until(lambda: "2 conversations taken in" in user.said)
        titles = [session.title for session in user.stored()]
        assert sorted(titles) == ["Cats", "Cats", "Dogs", "Dogs"]
        await do(user, "export", "all")
        await user.until(lambda: "FOLDER" in user.said)


async def test_an_import_tells_what_was_left_out(fake: FakeOllama, tmp_path: Path) -> None:
    chat = {"title": "Taken", "messages": [{"role": "user", "content": "Zebras?"}]}
    (tmp_path / "here" / "chats.json").write_text(json.dumps([chat, *({"no": "chat"},) * 5]))
    async with chatting(tmp_path, fake.url) as user:
        await do(user, "import", "chats.json")
        await user.until(lambda: "2 more were left out" in user.said)
        assert "Entry 2 of chats.json" in user.said
        assert "1 conversation taken in" in user.told[-2]
        await do(user, "find", "zebras")
        await user.sees_soon("Taken")
        await user.press("enter")
        await user.until(lambda: user.session.title == "Taken")
        await do(user, "import", "nothing.json")
        await user.until(lambda: "No such file" in user.said)
        await do(user, "import")
        await user.until(lambda: "/import PATH" in user.said)


async def test_a_found_message_is_shown_on_its_branch(fake: FakeOllama, tmp_path: Path) -> None:
    fake.reply = "They have whiskers."
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("Cats")
        fake.reply = "They purr."
        await user.ask_and_hear("/regenerate")
        assert not user.sees("whiskers")
        await user.ask_and_hear("Why?")
        await do(user, "find", "whiskers")
        await user.sees_soon("In the text")
        await user.press("enter")
        await user.sees_soon("‹1/2›")
        transcript = user.chats.pane.reading.transcript
        await user.until(lambda: transcript.has_focus)
        assert transcript.chosen is not None
        assert transcript.chosen.content == "They have whiskers."
        await user.rest()
        assert user.last.content == "They have whiskers."


async def test_a_found_message_far_up_is_brought_into_sight(
    fake: FakeOllama, tmp_path: Path
) -> None:
    async with chatting(tmp_path, fake.url) as user:
        fake.reply = "They have whiskers."
        await user.ask_and_hear("Cats")
        fake.reply = "word\n\n" * 60
        await user.ask_and_hear("More")
        await user.until(lambda: not user.sees("whiskers"))
        await do(user, "find", "whisk")
        await user.sees_soon("In the text")
        await user.press("enter")
        await user.until(lambda: not user.sees("In the text") and user.sees("have whiskers."))


async def test_the_branch_of_a_conversation_that_another_program_writes_stays(
    fake: FakeOllama, tmp_path: Path
) -> None:
    fake.reply = "They have whiskers."
    async with chatting(tmp_path, fake.url) as first:
        await first.ask_and_hear("Cats")
        fake.reply = "They purr."
        await first.ask_and_hear("/regenerate")
        async with chatting(tmp_path, fake.url) as second:
            await second.rest()
            await do(second, "find", "whiskers")
            await second.sees_soon("In the text")
            await second.press("enter")
            await second.until(lambda: "is open in another program" in second.said)


async def test_find_opens_the_list_with_what_is_looked_for(
    fake: FakeOllama, tmp_path: Path
) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("Cats")
        await do(user, "find", "Dogs")
        await user.sees_soon('Nothing matches "Dogs"')
        await do(user, "find", "")
        await user.until(lambda: len(user.chats.drawer.list.keys) == 1)
        assert user.chats.drawer.line.has_focus
