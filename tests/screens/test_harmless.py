"""Texts of servers and of the clipboard, which must not steer the terminal."""

import asyncio
from pathlib import Path

import pytest
from textual.app import App
from textual.events import Paste

from fake_ollama import FakeOllama
from tui.terminal.editor import NoEditor, edited
from user import User, chatting, started

_EVIL = "\x1b]0;pwn\x07evil \x9b31m x"


def _sent(user: User) -> str:
    """The whole screen as it goes to the terminal."""
    update = user.app.screen._compositor.render_full_update()
    return update.render_segments(user.app.console)


async def _sees_it_tamed(user: User) -> None:
    await user.until(lambda: "evil" in _sent(user), "evil")
    assert "\x1b]0" not in _sent(user)
    assert "\x9b" not in _sent(user)


async def test_the_error_of_a_server_is_only_text(fake: FakeOllama, tmp_path: Path) -> None:
    fake.errors["/api/show"] = (500, _EVIL)
    async with started(tmp_path, fake.url, toasts=True) as user:
        await user.until(lambda: user.chats.model and user.chats.focused, "a chat")
        await user.ask("/show info")
        await _sees_it_tamed(user)


async def test_a_title_that_is_changed_is_only_text(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("Cats")
        user.worker.conversations.change(
            user.session.id, lambda session: setattr(session, "title", _EVIL)
        )
        await user.ask("/rename")
        await _sees_it_tamed(user)


async def test_what_is_pasted_into_a_line_is_only_text(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.press("ctrl+o")
        user.app.post_message(Paste(_EVIL))
        await _sees_it_tamed(user)


@pytest.mark.parametrize("said", ["'vim", " "])
async def test_an_editor_that_is_no_command_is_told_of(
    said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", said)
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.delenv("OLLAMA_EDITOR", raising=False)
    app: App[object] = App()
    async with app.run_test():
        with pytest.raises(NoEditor, match="EDITOR is no command"):
            await asyncio.wait_for(edited(app, "text"), 10)
