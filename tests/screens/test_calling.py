"""What is said to a user who looks elsewhere."""

from datetime import timedelta
from pathlib import Path

import pytest
from textual.events import AppBlur, AppFocus

from fake_ollama import FakeOllama
from tui.screens import calling
from tui.worker.events import Notice
from user import User, chatting


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is written to the terminal beside frames, where every answer is a long one."""
    written: list[str] = []
    monkeypatch.setattr(calling, "LONG", timedelta(0))
    monkeypatch.setattr(calling, "write", lambda _app, sequence: written.append(sequence))
    return written


def choose(home: Path, kind: str) -> None:
    config = home / "config" / "config.toml"
    config.parent.mkdir()
    config.write_text(f'notices = "{kind}"\n')


async def look_elsewhere(user: User) -> None:
    user.app.post_message(AppBlur())
    await user.until(lambda: not user.app.app_focus)


async def test_the_end_of_a_long_answer_is_called_by_the_chats_title_alone(
    fake: FakeOllama, tmp_path: Path, calls: list[str]
) -> None:
    choose(tmp_path, "osc9")
    fake.hold.clear()
    fake.reply = "Something secret."
    async with chatting(tmp_path, fake.url) as user:
        await user.ask("Cats")
        await user.begins()
        await look_elsewhere(user)
        fake.hold.set()
        await user.until(lambda: calls)
    assert calls == ["\x1b]9;ollama-tui: Cats: the answer is there.\x07"]


async def test_who_looks_at_the_terminal_is_not_called(
    fake: FakeOllama, tmp_path: Path, calls: list[str]
) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await look_elsewhere(user)
        user.app.post_message(AppFocus())
        await user.until(lambda: user.app.app_focus)
        await user.ask_and_hear("Cats")
    assert calls == []


async def test_a_short_answer_calls_nobody(
    fake: FakeOllama, tmp_path: Path, calls: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calling, "LONG", timedelta(minutes=5))
    fake.hold.clear()
    async with chatting(tmp_path, fake.url) as user:
        await user.ask("Cats")
        await user.begins()
        await look_elsewhere(user)
        fake.hold.set()
        await user.rest()
    assert calls == []


async def test_the_end_of_the_queue_is_called_and_what_a_server_said_is_not(
    fake: FakeOllama, tmp_path: Path, calls: list[str]
) -> None:
    choose(tmp_path, "osc9")
    async with chatting(tmp_path, fake.url) as user:
        await look_elsewhere(user)
        user.worker.events.tell(Notice("qwen3:8b is here.", calls=True))
        user.worker.events.tell(Notice("x: https://me:secret@box", "error", calls=True))
        user.worker.events.tell(Notice("Something else."))
    assert calls == [
        "\x1b]9;ollama-tui: qwen3:8b is here.\x07",
        "\x1b]9;ollama-tui: A job of the queue failed.\x07",
    ]
