"""How much of a line has to be painted anew."""

from collections.abc import Iterator
from itertools import takewhile

from rich.cells import cell_len, split_graphemes
from textual.content import Content

_EMOJI = "\U0001f000"


def changed_width(before: Content, after: Content, width: int) -> int:
    """The cells from the left that differ, of `width`; beyond them both lines look the same."""
    if before is after or before.is_same(after):
        return 0
    if not (_is_sure(before.plain) and _is_sure(after.plain)):
        return width
    if before.cell_length != after.cell_length:
        return max(before.cell_length, after.cell_length)
    pairs = zip(_backwards(before), _backwards(after), strict=False)
    same = takewhile(lambda pair: pair[0] == pair[1], pairs)
    return after.cell_length - sum(cell_len(character) for (character, _), _ in same)


def _is_sure(text: str) -> bool:
    """Whether every terminal gives the text the same width: what is joined they draw as they can.

    A line that is wider there than here has cells that only painting it whole clears.
    """
    if text.isascii():
        return True
    letters, _width = split_graphemes(text)
    alone = len(letters) == len(text) and all(width for *_place, width in letters)
    return alone and max(text) < _EMOJI


def _backwards(content: Content) -> Iterator[tuple[str, list[str]]]:
    """Characters with their styles, from the right."""
    for place, character in reversed([*enumerate(content.plain)]):
        spans = (span for span in content.spans if span.start <= place < span.end)
        yield character, [str(span.style) for span in spans]
