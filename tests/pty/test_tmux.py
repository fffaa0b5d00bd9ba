"""The program inside tmux, where most of its users have it, and inside screen."""

import asyncio
import base64
import shutil
from pathlib import Path

import pytest

from fake_ollama import FakeOllama
from ptyprocess import TUI
from stored import answers
from terminal import Terminal

TMUX, SCREEN = shutil.which("tmux"), shutil.which("screen")


SAID = "Hello from the other side."
COPY = b"\x1b]52;c;" + base64.b64encode(SAID.encode())


@pytest.mark.skipif(TMUX is None, reason="tmux is not installed")
@pytest.mark.parametrize("term", ["screen-256color", "tmux-256color"])
async def test_it_starts_answers_and_quits_inside_tmux(
    fake: FakeOllama, tmp_path: Path, term: str
) -> None:
    assert TMUX
    settings = tmp_path / "tmux.conf"
    settings.write_text(f"set -g default-terminal {term}\nset -g status off\n")
    fake.reply = SAID
    command = (TMUX, "-S", str(tmp_path / "socket"), "-f", str(settings), "new-session", *TUI)
    async with Terminal("--host", fake.url, home=tmp_path, command=command) as terminal:
        await terminal.until("llama3.2:3b")
        terminal.press("Hi\r")
        await terminal.until(SAID)
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


async def copy(terminal: Terminal, fake: FakeOllama) -> None:
    """Ask, and copy the answer."""
    fake.reply = SAID
    await terminal.until("llama3.2:3b")
    terminal.press("Hi\r")
    await terminal.until(SAID)
    terminal.press("\x1by")


@pytest.mark.skipif(TMUX is None, reason="tmux is not installed")
async def test_a_copy_inside_a_plain_tmux_reaches_the_clipboard(
    fake: FakeOllama, tmp_path: Path
) -> None:
    assert TMUX
    command = (TMUX, "-S", str(tmp_path / "socket"), "-f", "/dev/null", "new-session", *TUI)
    async with Terminal("--host", fake.url, home=tmp_path, command=command) as terminal:
        await copy(terminal, fake)
        await terminal.until("Copied by tmux")
        await terminal.until(lambda: COPY.replace(b";c;", b";;") in terminal.output)
        terminal.press("\x11")
        assert await terminal.exit_code() == 0
    assert (tmp_path / "state" / "last-copy.txt").read_text() == SAID


@pytest.mark.skipif(SCREEN is None, reason="screen is not installed")
@pytest.mark.parametrize("term", ["screen", "screen-256color"])
async def test_inside_screen_it_answers_copies_and_quits(
    fake: FakeOllama, tmp_path: Path, term: str
) -> None:
    assert SCREEN
    sockets, settings = tmp_path / "sockets", tmp_path / "screenrc"
    sockets.mkdir(mode=0o700)
    settings.write_text(f"startup_message off\nterm {term}\n")
    command = (SCREEN, "-U", "-c", str(settings), *TUI)
    window = Terminal(*("--host", fake.url), home=tmp_path, command=command, SCREENDIR=str(sockets))
    async with window as terminal:
        await copy(terminal, fake)
        await terminal.until("Copied by OSC 52 through screen")
        await terminal.until(lambda: COPY in terminal.output)
        terminal.press("\x11")
        assert await terminal.exit_code() == 0
    (answer,) = answers(tmp_path)
    assert answer.content == SAID
