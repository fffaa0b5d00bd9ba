"""Where two drawings of a line differ: what need not be sent is not, over a slow connection."""

from collections.abc import Iterator
from itertools import zip_longest

from rich.cells import cell_len
from textual.content import Content

_NEAR = 10
"""Cells between two changes that cost less than to go to the second one."""


def changes(old: Content, new: Content) -> Iterator[tuple[int, int]]:
    """The stretches of cells, from and to, in which a line is not as it was."""
    if old.is_same(new):
        return
    if _is_wide(old) or _is_wide(new):  # cells are not letters
        yield 0, max(old.cell_length, new.cell_length)
        return
    pairs = zip_longest(_cells(old), _cells(new), fillvalue=_NOTHING)
    places = [at for at, (before, now) in enumerate(pairs) if before != now]
    begin = 0
    for number, at in enumerate(places, 1):
        if number == len(places) or places[number] - at > _NEAR:
            yield places[begin], at + 1
            begin = number


def _is_wide(content: Content) -> bool:
    return cell_len(content.plain) != len(content.plain)


_Cell = tuple[str, tuple[object, ...]]
_NOTHING: _Cell = (" ", ())


def _cells(content: Content) -> list[_Cell]:
    """Each letter with its styles."""
    styles: list[list[object]] = [[] for _letter in content.plain]
    for start, end, style in content.spans:
        for each in styles[start:end]:
            each.append(style)
    return [(letter, tuple(each)) for letter, each in zip(content.plain, styles, strict=True)]
