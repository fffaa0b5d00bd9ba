"""What is sent to terminals of many colours, of few, and of none."""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from fake_ollama import FakeOllama
from terminal import Terminal

SGR = re.compile(rb"\x1b\[([0-9;]*)m")
TEXT = "**Bold**, `code`\n\n```python\nprint(1)\n```\n\nThe end."
Window = Callable[..., Terminal]
ATTRIBUTES = r"[0-57-9]|2[1-9]"


@pytest.mark.parametrize(
    ("window", "allowed", "expected"),
    [
        (partial(Terminal, NO_COLOR="1"), rf"{ATTRIBUTES}", b"7"),
        (partial(Terminal, TERM="xterm", COLORTERM=""), rf"{ATTRIBUTES}|[39][0-7]", b"94"),
        (partial(Terminal, TERM="linux", COLORTERM=""), rf"{ATTRIBUTES}|[39][0-7]", b"94"),
        (partial(Terminal, COLORTERM=""), rf"{ATTRIBUTES}|[34]8;5;\d+", b"38;5;111"),
        (partial(Terminal), rf"{ATTRIBUTES}|[34]8;2;\d+;\d+;\d+", b"38;2;135;175;255"),
        (
            partial(Terminal, COLORFGBG="0;15"),
            rf"{ATTRIBUTES}|[34]8;2;\d+;\d+;\d+",
            b"48;2;255;255;255",
        ),
    ],
    ids=["none", "16", "console", "256", "16 million", "light"],
)
async def test_a_terminal_gets_the_colours_that_it_has(
    fake: FakeOllama, tmp_path: Path, window: Window, allowed: str, expected: bytes
) -> None:
    fake.reply = TEXT
    plain = re.compile(rf"(?:{allowed})(?:;(?:{allowed}))*|".encode())
    async with window("--host", fake.url, home=tmp_path) as terminal:
        await terminal.until("llama3.2:3b")
        terminal.press("Hi\r")
        await terminal.until("The end.")
        terminal.press("\x0f")
        await terminal.until("Model for this chat")
        terminal.press("\x1b")
        await terminal.gone("Model for this chat")
        terminal.press("\x11")
        assert await terminal.exit_code() == 0
    codes = set(SGR.findall(terminal.output))
    assert not [code for code in codes if not plain.fullmatch(code)]
    assert any(expected in code for code in codes)
