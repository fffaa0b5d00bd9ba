"""ASCII where it is wanted, and where other signs would break the lines."""

from pathlib import Path

from fake_ollama import FakeOllama
from ptyscreen import Display
from terminal import Terminal

TREE = "Look:\n\n```\n├── one\n└── “two”\n```\n\n- The end…"


class EastAsian(Display):
    """A terminal that draws signs of no certain width two cells wide."""

    def feed(self, data: bytes) -> bytes:
        return super().feed(data).replace(b"\x1b[2;2R", b"\x1b[2;3R")


async def test_with_the_setting_nothing_but_ascii_is_sent(fake: FakeOllama, tmp_path: Path) -> None:
    fake.reply = TREE
    config = tmp_path / "config" / "config.toml"
    config.parent.mkdir()
    config.write_text("ascii = true\n")
    async with Terminal("--host", fake.url, home=tmp_path) as terminal:
        await terminal.until("@ local")
        terminal.press("Hi\r")
        await terminal.until("- The end~")
        assert terminal.has('+-- "two"')
        terminal.press("\x0f")
        await terminal.until("+- Model for this chat -")
        terminal.press("\x1b")
        await terminal.gone("Model for this chat")
        terminal.press("\x11")
        assert await terminal.exit_code() == 0
    assert terminal.output.isascii()


async def test_where_a_sign_comes_out_wide_ascii_is_drawn(fake: FakeOllama, tmp_path: Path) -> None:
    fake.reply = TREE
    window = Terminal("--host", fake.url, home=tmp_path)
    window.display = EastAsian(120, 40)
    async with window as terminal:
        await terminal.until("@ local")
        terminal.press("Hi\r")
        await terminal.until('+-- "two"')
        await terminal.gone("─")
        terminal.press("\x11")
        assert await terminal.exit_code() == 0


async def test_the_question_how_wide_signs_are_leaves_nothing_behind(
    fake: FakeOllama, tmp_path: Path
) -> None:
    async with Terminal("--host", fake.url, home=tmp_path) as terminal:
        await terminal.until("llama3.2:3b")
        await terminal.until("enter sends")
        assert [row[:3] for row in terminal.text.splitlines()[:3]] == [" 1 ", " ne", "─━━"]
        terminal.press("\x11")
        assert await terminal.exit_code() == 0


async def test_on_the_linux_console_ascii_is_drawn_and_nothing_stays_on_its_only_screen(
    fake: FakeOllama, tmp_path: Path
) -> None:
    fake.reply = TREE
    async with Terminal("--host", fake.url, home=tmp_path, TERM="linux", COLORTERM="") as terminal:
        await terminal.until("@ local")
        terminal.press("Hi\r")
        await terminal.until("- The end~")
        terminal.press("\x11")
        assert await terminal.exit_code() == 0
    assert terminal.output.isascii()
    assert not terminal.text.strip()
    assert (terminal.display.screen.cursor.x, terminal.display.screen.cursor.y) == (0, 0)
