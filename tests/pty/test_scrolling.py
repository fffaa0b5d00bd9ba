"""What the terminal moves by itself must look as if it had been painted."""

import random
import sys
from pathlib import Path

import pytest
from pyte.screens import Char

from scrolling_program import KEYS
from terminal import Terminal

PROGRAM = (sys.executable, str(Path(__file__).parents[1] / "scrolling_program.py"))
ROOT = Path(__file__).parents[2]


def cells(terminal: Terminal) -> list[list[Char]]:
    """Every cell below the tabs, with its colours."""
    screen = terminal.display.screen
    return [[screen.buffer[y][x] for x in range(screen.columns)] for y in range(2, screen.lines)]


def line(row: list[Char]) -> str:
    return "".join(cell.data for cell in row)


async def settled(terminal: Terminal, key: str, word: str) -> None:
    before = terminal.text.split("\n")[0]
    terminal.press(key)
    await terminal.until(lambda: word in terminal.text and terminal.text.split("\n")[0] != before)


@pytest.mark.parametrize("seed", range(4))
async def test_a_moved_screen_equals_a_painted_one(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    keys = [*(key for key in KEYS if key not in "zlw"), *"aaaaaaaaaakKjn"]
    if seed % 2:
        keys = [key for key in keys if key not in "tm"]
    async with Terminal(home=tmp_path, size=(70, 22), command=PROGRAM, PYTHONPATH=str(ROOT)) as it:
        await it.until("ready")
        for _ in range(12):
            for key in chance.choices(keys, k=chance.randrange(1, 12)):
                it.press(key)
                if chance.random() < 0.3:
                    await settled(it, "w", "waited")
            await settled(it, "z", "settled")
            moved = cells(it)
            await settled(it, "l", "painted")
            wrong = [
                (y, line(a), line(b))
                for y, (a, b) in enumerate(zip(moved, cells(it), strict=True))
                if a != b
            ]
            assert wrong == []
        assert b"\x1bD" in it.output
