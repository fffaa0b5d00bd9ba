"""The program inside tmux, where most of its users have it."""

import asyncio
import shutil
from pathlib import Path

import pytest

from fake_ollama import FakeOllama
from ptyprocess import TUI
from stored import answers
from terminal import Terminal

TMUX = shutil.which("tmux")


@pytest.mark.skipif(TMUX is None, reason="tmux is not installed")
@pytest.mark.parametrize("term", ["screen-256color", "tmux-256color"])
async def test_it_starts_answers_and_quits_inside_tmux(
    fake: FakeOllama, tmp_path: Path, term: str
) -> None:
    assert TMUX
    settings = tmp_path / "tmux.conf"
    settings.write_text(f"set -g default-terminal {term}\nset -g status off\n")
    fake.reply = "Hello from the other side."
    command = (TMUX, "-S", str(tmp_path / "socket"), "-f", str(settings), "new-session", *TUI)
    async with Terminal("--host", fake.url, home=tmp_path, command=command) as terminal:
        await terminal.until("llama3.2:3b")
        terminal.press("Hi\r")
        await terminal.until("Hello from the other side.")
        terminal.press("\x11")
        assert await terminal.exit_code() == 0
    (answer,) = answers(tmp_path)
    assert answer.state == "complete"


@pytest.mark.skipif(TMUX is None, reason="tmux is not installed")
async def test_inside_tmux_a_streamed_answer_looks_as_if_painted_anew(
    fake: FakeOllama, tmp_path: Path
) -> None:
    assert TMUX
    settings = tmp_path / "tmux.conf"
    settings.write_text("set -g default-terminal tmux-256color\nset -g status off\n")
    fake.tps, fake.tokens, fake.marker = 500, 1000, "This is the end."
    tmux = (TMUX, "-S", str(tmp_path / "socket"))
    command = (*tmux, "-f", str(settings), "new-session", *TUI)

    async def screen() -> bytes:
        """What tmux has, with its colours, once what was typed has been drawn."""
        terminal.press("xyz")
        await terminal.until("▸ xyz")
        terminal.press("\x15")
        await terminal.gone("▸ xyz")
        show = await asyncio.create_subprocess_exec(
            *tmux, "capture-pane", "-p", "-e", stdout=asyncio.subprocess.PIPE
        )
        return (await show.communicate())[0]

    async with Terminal("--host", fake.url, home=tmp_path, command=command) as terminal:
        await terminal.until("llama3.2:3b")
        terminal.press("Hi\r")
        await terminal.until("This is the end.")
        await terminal.gone("answering")
        streamed = await screen()
        terminal.press("\x0c")
        assert await screen() == streamed
        assert "🚀".encode() in streamed
