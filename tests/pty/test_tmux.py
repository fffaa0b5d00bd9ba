"""The program inside tmux, where most of its users have it, and inside screen."""

import base64
from pathlib import Path

import pytest
from pyte.screens import Char

from fake_ollama import FakeOllama
from multiplexers import needs_screen, needs_tmux, said, screen, tmux
from ptyprocess import TUI
from ptyscreen import Display, looks
from stored import answers
from terminal import Terminal

SAID = "Hello from the other side."
COPY = b"\x1b]52;c;" + base64.b64encode(SAID.encode())
QUIT = "\x11"


@needs_tmux
@pytest.mark.parametrize("term", ["screen-256color", "tmux-256color"])
async def test_it_starts_answers_and_quits_inside_tmux(
    fake: FakeOllama, tmp_path: Path, term: str
) -> None:
    fake.reply = SAID
    async with tmux(tmp_path / "tmux", f"set -g default-terminal {term}\n") as call:
        command = call("new-session", *TUI)
        async with Terminal("--host", fake.url, home=tmp_path, command=command) as terminal:
            await terminal.until("llama3.2:3b")
            terminal.press("Hi\r")
            await terminal.until(SAID)
            terminal.press(QUIT)
            assert await terminal.exit_code() == 0
    (answer,) = answers(tmp_path)
    assert answer.state == "complete"


@needs_tmux
async def test_inside_tmux_a_streamed_answer_looks_as_if_painted_anew(
    fake: FakeOllama, tmp_path: Path
) -> None:
    fake.tps, fake.tokens, fake.marker = 500, 1000, "This is the end."
    settings = "set -g default-terminal tmux-256color\nset -g status off\n"

    async def shown() -> list[list[Char]]:
        """What tmux has, with its colours, once what was typed has been drawn."""
        terminal.press("xyz")
        await terminal.until("▸ xyz")
        terminal.press("\x15")
        await terminal.gone("▸ xyz")
        display = Display(120, 40)
        display.feed(
            (await said(*call("capture-pane", "-p", "-e", "-N"))).replace("\n", "\r\n").encode()
        )
        rows = ([looks(display.screen.buffer[y][x]) for x in range(120)] for y in range(40))
        # tmux does not tell the background of a row in which nothing stands.
        return [row if any(cell.data != " " for cell in row) else [] for row in rows]

    async with tmux(tmp_path / "tmux", settings) as call:
        command = call("new-session", *TUI)
        async with Terminal("--host", fake.url, home=tmp_path, command=command) as terminal:
            await terminal.until("llama3.2:3b")
            terminal.press("Hi\r")
            await terminal.until("This is the end.")
            await terminal.gone("answering")
            streamed = await shown()
            terminal.press("\x0c")
            assert await shown() == streamed
            assert "🚀" in {cell.data for row in streamed for cell in row}


async def copy(terminal: Terminal, fake: FakeOllama) -> None:
    """Ask, and copy the answer."""
    fake.reply = SAID
    await terminal.until("llama3.2:3b")
    terminal.press("Hi\r")
    await terminal.until(SAID)
    terminal.press("\x1by")


@needs_tmux
async def test_a_copy_inside_a_plain_tmux_reaches_the_clipboard(
    fake: FakeOllama, tmp_path: Path
) -> None:
    async with tmux(tmp_path / "tmux") as call:
        command = call("new-session", *TUI)
        async with Terminal("--host", fake.url, home=tmp_path, command=command) as terminal:
            await copy(terminal, fake)
            await terminal.until("Copied by tmux")
            await terminal.until(lambda: COPY.replace(b";c;", b";;") in terminal.output)
            terminal.press(QUIT)
            assert await terminal.exit_code() == 0
    assert (tmp_path / "state" / "last-copy.txt").read_text() == SAID


@needs_tmux
async def test_inside_tmux_the_end_of_a_download_rings_the_bell(
    fake: FakeOllama, tmp_path: Path
) -> None:
    fake.pull_rate = 200_000.0
    async with tmux(tmp_path / "tmux", "set -g focus-events on\n") as call:
        command = call("new-session", *TUI)
        async with Terminal("--host", fake.url, home=tmp_path, command=command) as terminal:
            await terminal.until("enter sends")
            terminal.press("/pull some/new\r")
            await terminal.until(lambda: fake.pulled)
            begun = len(terminal.output)
            terminal.press("\x1b[O")
            fake.pull_rate = 200e6
            await terminal.until(lambda: b"\x07" in terminal.output[begun:])
            terminal.press("\x1b[I" + QUIT)
            assert await terminal.exit_code() == 0


@needs_screen
@pytest.mark.parametrize("term", ["screen", "screen-256color"])
async def test_inside_screen_it_answers_copies_and_quits(
    fake: FakeOllama, tmp_path: Path, term: str
) -> None:
    sockets = tmp_path / "sockets"
    async with screen(sockets, f"term {term}\n") as call:
        window = Terminal(
            *("--host", fake.url), home=tmp_path, command=call(*TUI), SCREENDIR=str(sockets)
        )
        async with window as terminal:
            await copy(terminal, fake)
            await terminal.until("Copied by OSC 52 through screen")
            await terminal.until(lambda: COPY in terminal.output)
            terminal.press(QUIT)
            assert await terminal.exit_code() == 0
    (answer,) = answers(tmp_path)
    assert answer.content == SAID
