"""Lines that begin with a slash."""

from pathlib import Path

import pytest

from fake_ollama import FakeOllama
from tui.screens.chats.slash import COMMANDS
from user import chatting


async def test_an_unknown_command_stays_to_be_corrected(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask("/modle")
        await user.pilot.pause()
        assert user.prompt == "/modle"
        assert "There is no command /modle" in user.said
        assert not fake.replies


async def test_an_unknown_command_is_none_whatever_follows(
    fake: FakeOllama, tmp_path: Path
) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask("/sett parameter seed 1")
        await user.until(lambda: user.told)
        assert "Did you mean /set?" in user.said
        assert user.prompt == "/sett parameter seed 1"
        assert not fake.replies


async def test_a_path_is_a_message(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("/etc/hosts")
        assert user.stored()[0].messages[0].content == "/etc/hosts"


@pytest.mark.parametrize(
    ("command", "seen"),
    [
        ("/model", "Model for this chat"),
        ("/sessions", "Sessions"),
        ("/list", "gemma3:4b"),
        ("/downloads", "Nothing to download"),
        ("/hosts", "f fleet"),
        ("/help", "Keys"),
        ("/?", "Keys"),
    ],
)
async def test_a_command_goes_where_its_key_goes(
    fake: FakeOllama, tmp_path: Path, command: str, seen: str
) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask(command)
        await user.sees_soon(seen)
        assert not fake.replies


async def test_new_and_close(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("Cats")
        await user.ask("/new")
        await user.sees_soon("Ask llama3.2:3b anything.")
        await user.ask("/close")
        await user.until(lambda: user.session.title == "Cats")


async def test_regenerate_and_continue(fake: FakeOllama, tmp_path: Path) -> None:
    fake.reply = "Short."
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("Cats")
        await user.ask_and_hear("/regenerate")
        assert user.sees("‹2/2›")
        await user.ask_and_hear("/continue")
        assert user.said == "There is nothing here that /continue could work on."


async def test_copy(fake: FakeOllama, tmp_path: Path) -> None:
    fake.reply = "To be copied."
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("Cats")
        await user.ask("/copy")
        await user.until(lambda: user.told)
        await user.rest()
        assert (tmp_path / "state" / "last-copy.txt").read_text() == "To be copied."


async def test_quit(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask("/quit")
        await user.until(lambda: not user.app.is_running)


def test_no_two_commands_have_one_name() -> None:
    names = [name for command in COMMANDS for name in command.names]
    assert len(names) == len({*names})
