"""What the terminal moves by itself must look as if it had been painted."""

import random
import re
import sys
from pathlib import Path

import pytest
from pyte.screens import Char

from ptyscreen import looks
from scrolling_program import KEYS
from terminal import Terminal

PROGRAM = (sys.executable, str(Path(__file__).parents[1] / "scrolling_program.py"))
ROOT = Path(__file__).parents[2]


def cells(terminal: Terminal) -> list[list[Char]]:
    """Every cell below the tabs, with its colours."""
    screen = terminal.display.screen
    rows = (screen.buffer[y] for y in range(2, screen.lines))
    return [[looks(row[x]) for x in range(screen.columns)] for row in rows]


def line(row: list[Char]) -> str:
    return "".join(cell.data for cell in row)


async def said(terminal: Terminal, key: str, word: str) -> None:
    """Press a key and wait until the program says once more that it has done so."""

    def told() -> set[str]:
        return set(re.findall(rf"{word} \d+\.", terminal.text))

    before = told()
    terminal.press(key)
    await terminal.until(lambda: told() - before)


@pytest.mark.parametrize("seed", range(2))
async def test_a_moved_screen_equals_a_painted_one(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    keys = [*(key for key in KEYS if key not in "zvw"), *"aaaaaaaaaakKjn"]
    if seed % 2:
        keys = [key for key in keys if key not in "tm"]
    async with Terminal(home=tmp_path, size=(70, 22), command=PROGRAM, PYTHONPATH=str(ROOT)) as it:
        await it.until("ready")
        for _ in range(12):
            for key in chance.choices(keys, k=chance.randrange(1, 12)):
                it.press(key)
                if chance.random() < 0.3:
                    await said(it, "w", "waited")
            await said(it, "z", "settled")
            moved = cells(it)
            await said(it, "v", "painted")
            wrong = [
                (y, line(a), line(b))
                for y, (a, b) in enumerate(zip(moved, cells(it), strict=True))
                if a != b
            ]
            assert wrong == []
        assert b"\x1bD" in it.output
