"""The terminal beside the program: its mouse, and a user who looks at another window."""

from pathlib import Path

from fake_ollama import FakeOllama
from ptyscreen import PLAIN
from terminal import Terminal

MOUSE = {1000, 1003, 1006}
BLUR = "\x1b[O"


def settle(home: Path, text: str) -> None:
    config = home / "config" / "config.toml"
    config.parent.mkdir()
    config.write_text(text)


async def test_one_key_releases_the_mouse_and_a_command_takes_it_back(
    fake: FakeOllama, tmp_path: Path
) -> None:
    async with Terminal("--host", fake.url, home=tmp_path) as terminal:
        await terminal.until("enter sends")
        assert terminal.display.modes >= MOUSE
        terminal.press("\x1bM")
        await terminal.until("the terminal's")
        assert not terminal.display.modes & MOUSE
        terminal.press("i")
        await terminal.until("enter sends")
        terminal.press("/mouse\r")
        await terminal.until("the program's again")
        assert terminal.display.modes >= MOUSE
        terminal.press("\x11")
        assert await terminal.exit_code() == 0
    assert terminal.display.modes == PLAIN


async def test_a_mouse_that_is_not_wanted_is_never_taken(fake: FakeOllama, tmp_path: Path) -> None:
    settle(tmp_path, "mouse = false\n")
    async with Terminal("--host", fake.url, home=tmp_path) as terminal:
        await terminal.until("enter sends")
        assert b"\x1b[?1000h" not in terminal.output
        terminal.press("\x11")
        assert await terminal.exit_code() == 0


async def test_the_end_of_a_download_is_told_to_the_desktop_when_the_terminal_is_not_focused(
    fake: FakeOllama, tmp_path: Path
) -> None:
    settle(tmp_path, 'notices = "osc777"\n')
    fake.pull_rate = 200_000.0
    async with Terminal("--host", fake.url, home=tmp_path) as terminal:
        await terminal.until("enter sends")
        terminal.press("/pull some/new\r")
        await terminal.until(lambda: fake.pulled)
        terminal.press(BLUR)
        fake.pull_rate = 200e6
        said = b"\x1b]777;notify;ollama-tui;some/new:latest is here.\x07"
        await terminal.until(lambda: said in terminal.output)
        terminal.press("\x11")
        assert await terminal.exit_code() == 0
