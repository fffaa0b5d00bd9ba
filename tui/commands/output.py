"""What commands print: tables, JSON, and remarks beside them."""

import os
import re
import sys
import unicodedata
from collections.abc import Sequence
from typing import Any, TextIO

import msgspec

from tui.widgets.plain import visible

_GAP = 4
_SIZE = 80, 24
_CONTROL = re.compile("[\x7f-\x9f]")
"""What JSON lets stand and a terminal obeys."""


def tell(text: str = "") -> None:
    """A line of the result."""
    print(fit(text, sys.stdout), flush=True)


def remark(text: str) -> None:
    """A line beside the result: what happens, what went wrong."""
    print(fit(text, sys.stderr), file=sys.stderr, flush=True)


def write_json(value: Any) -> None:  # noqa: ANN401 - any JSON there is
    """A value as one line of JSON."""
    text = msgspec.json.encode(value).decode()
    print(_CONTROL.sub(_escaped, text) if sys.stdout.isatty() else text, flush=True)


def _escaped(control: re.Match[str]) -> str:
    return f"\\u{ord(control[0]):04x}"


def write_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Columns, each as wide as its widest entry; the last is cut at a terminal's edge."""
    whole = [[visible(cell).replace("\n", " ") for cell in row] for row in (head, *rows)]
    widths = [max(map(cells, column)) for column in zip(*whole, strict=True)]
    limit = columns(sys.stdout) if sys.stdout.isatty() else 0
    for row in whole:
        padded = [
            cell + " " * (width - cells(cell)) for cell, width in zip(row, widths, strict=True)
        ]
        line = (" " * _GAP).join(padded).rstrip()
        tell(cut(line, limit) if limit else line)


def fit(text: str, stream: TextIO) -> str:
    """Text of others, which must not steer a terminal; a file gets it as it is."""
    return visible(text) if stream.isatty() else text


def columns(stream: TextIO) -> int:
    """How wide a terminal is; 80 where nobody knows."""
    return _size(stream)[0] or _SIZE[0]


def rows(stream: TextIO) -> int:
    """How high a terminal is; 24 where nobody knows."""
    return _size(stream)[1] or _SIZE[1]


def _size(stream: TextIO) -> tuple[int, int]:
    try:
        return os.get_terminal_size(stream.fileno())
    except (OSError, ValueError):
        return _SIZE


def cells(text: str) -> int:
    """How many columns a text takes."""
    if text.isascii():
        return len(text)
    return sum(_cells(character) for character in text)


def cut(text: str, width: int) -> str:
    """A text that takes at most `width` columns."""
    if cells(text) <= width:
        return text
    taken = 0
    for at, character in enumerate(text):
        taken += _cells(character)
        if taken > width - 1:
            return text[:at] + "…"
    return text


def _cells(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
