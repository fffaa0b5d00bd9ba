"""Where two drawings of a line differ: what need not be sent is not, over a slow connection."""

from collections.abc import Iterator
from itertools import zip_longest

from rich.cells import cell_len, split_graphemes
from textual.content import Content

_EMOJI = "\U0001f000"
_NEAR = 10
"""Cells between two changes that cost less than to go to the second one."""

_Cell = tuple[str, int, tuple[object, ...]]
_NOTHING: _Cell = (" ", 0, ())


def changes(old: Content, new: Content, width: int) -> Iterator[tuple[int, int]]:
    """The stretches of cells, from and to, in which a line is not as it was; `width` is all."""
    if old is new or old.is_same(new):
        return
    if not (_is_sure(old.plain) and _is_sure(new.plain)):
        yield 0, width
        return
    pairs = zip_longest(_cells(old), _cells(new), fillvalue=_NOTHING)
    places = [at for at, (before, now) in enumerate(pairs) if before != now]
    begin = 0
    for number, at in enumerate(places, 1):
        if number == len(places) or places[number] - at > _NEAR:
            yield places[begin], at + 1
            begin = number


def _is_sure(text: str) -> bool:
    """Whether every terminal gives the text the same width: what is joined they draw as they can.

    A line that is wider there than here has cells that only painting it whole clears.
    """
    if text.isascii():
        return True
    letters, _width = split_graphemes(text)
    alone = len(letters) == len(text) and all(width for *_place, width in letters)
    return alone and max(text) < _EMOJI


def _cells(content: Content) -> list[_Cell]:
    """Each cell: its letter, which of the letter's cells it is, and its styles."""
    styles: list[list[object]] = [[] for _letter in content.plain]
    for start, end, style in content.spans:
        for each in styles[start:end]:
            each.append(style)
    return [
        (letter, part, tuple(each))
        for letter, each in zip(content.plain, styles, strict=True)
        for part in range(1 if letter.isascii() else cell_len(letter))
    ]
