import base64
from pathlib import Path

import pytest

from tui.terminal.clipboard import LARGEST, Copied, copy

COPY = "\x1b]52;c;5L2g5aW9\x07"
"""你好"""


@pytest.fixture(autouse=True)
def tmux(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a tmux would be found; there is none, and never that of whoever runs the tests."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path / "tmux"


@pytest.mark.parametrize(
    ("environment", "way", "written"),
    [
        ({"TERM": "xterm-256color"}, "terminal", COPY),
        (
            {"TMUX": "/tmp/tmux-0/default,1,0", "TERM": "screen"},
            "tmux",
            f"{COPY}\x1bPtmux;\x1b{COPY}\x1b\\",
        ),
        ({"TERM": "tmux-256color"}, "tmux", f"{COPY}\x1bPtmux;\x1b{COPY}\x1b\\"),
        ({"STY": "1.pts-0.box", "TERM": "screen"}, "screen", f"\x1bP{COPY}\x1b\\"),
    ],
)
async def test_the_terminal_is_asked_in_the_words_it_hears(
    environment: dict[str, str], way: str, written: str
) -> None:
    out: list[str] = []
    assert await copy("你好", out.append, environment) == Copied(way, 6)  # type: ignore[arg-type]  # a str in a test table
    assert "".join(out) == written


async def test_a_tmux_that_can_be_called_is_given_the_text_itself(
    tmux: Path, tmp_path: Path
) -> None:
    taken = tmp_path / "taken"
    tmux.write_text(f'#!/bin/sh\necho "$@" > {taken}\n/bin/cat >> {taken}\n')
    tmux.chmod(0o755)
    out: list[str] = []
    assert await copy("你好", out.append, {"TMUX": "x"}) == Copied("buffer", 6)
    assert taken.read_text() == "load-buffer -w -\n你好"
    assert out == []


async def test_screen_gets_long_texts_in_pieces_that_join_again() -> None:
    out: list[str] = []
    await copy("x" * 5000, out.append, {"STY": "1"})
    pieces = "".join(out).removeprefix("\x1bP").removesuffix("\x1b\\").split("\x1b\\\x1bP")
    assert max(map(len, pieces)) <= 512
    assert base64.b64decode("".join(pieces)[7:-1]) == b"x" * 5000


async def test_what_is_too_large_is_not_sent() -> None:
    out: list[str] = []
    assert (await copy("x" * (LARGEST + 1), out.append, {})).way == "none"
    assert (await copy("", out.append, {})).way == "none"
    assert out == []
    assert (await copy("x" * LARGEST, out.append, {})).way == "terminal"
    assert len(out[0]) <= 100_000


async def test_half_characters_do_not_stop_a_copy() -> None:
    out: list[str] = []
    assert (await copy("a\ud800b", out.append, {})).way == "terminal"
