"""Lines broken at a width, also where Chinese has no spaces to break at."""

import re
from collections.abc import Iterator

from rich.cells import cell_len, split_graphemes
from textual.content import Content

from tui.widgets.glyphs import g
from tui.widgets.lines import Lines, line

_CLOSING = frozenset("，。！？；：、）》」』】〉〕｝”’…—·％,.!?;:)]}%")
"""What must not begin a line after a wide character."""
_OPENING = frozenset("（《「『【〈〔｛“‘")
"""What must not end a line."""
_WORD = re.compile(r" +|[^ ]+ *")
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]+")
_WIDE = 2


def wrap(content: Content, width: int, *, whole: bool = False) -> Lines:
    """The content as lines of at most `width` cells; its own line ends stay.

    Words that are longer are cut, unless they are to stay `whole`.
    """
    parts = content.split("\n", allow_blank=True)
    return [row for part in parts for row in _wrap(part, width, whole=whole)]


def fold(content: Content, width: int) -> Lines:
    """Cut wherever a line is full, as code must be: no space is lost."""
    text = content.plain
    if cell_len(text) <= width:
        return [content]
    return content.divide(list(_cuts(text, 0, width, width)))


def window(content: Content, across: int, width: int) -> Content:
    """What is in sight of a longer line, from a column on; each end that is cut is marked."""
    more = content.cell_length > across + width
    if not across and not more:
        return content
    before = g.more if across and content.plain else ""
    left, right = across + len(before), across + width - more
    first, last, begins = _between(content.plain, left, right)
    gap = " " * (begins - left)  # half of a wide character that is cut
    seen = line((before, "$muted"), gap, content[first:last])
    gap = " " * (width - 1 - seen.cell_length)
    return line(seen, gap, (g.more, "$muted")) if more else seen


def _between(text: str, left: int, right: int) -> tuple[int, int, int]:
    """Where the characters between two columns begin and end, and the column of the first."""
    if text.isascii():
        return left, right, left
    first, begins, at = -1, left, 0
    for start, _, size in split_graphemes(text)[0]:
        if at + size > right:
            return (start, start, left) if first < 0 else (first, start, begins)
        if at >= left and first < 0:
            first, begins = start, at
        at += size
    return first if first >= 0 else len(text), len(text), begins


def _wrap(content: Content, width: int, *, whole: bool) -> Lines:
    text = content.plain
    if content.cell_length <= width:
        return [content.rstrip(" ")]
    breaks: list[int] = []
    used = 0
    for start, unit in _units(text):
        size = cell_len(unit.rstrip(" "))
        if used and used + size > width:
            breaks.append(start)
            used = 0
        if size > width and not whole:
            cuts = list(_cuts(unit, start, width - used, width))
            breaks += cuts
            used = cell_len(unit[cuts[-1] - start :]) if cuts else used + size
        else:
            used += cell_len(unit)
    return [row.rstrip(" ") for row in content.divide(breaks)]


def _cuts(text: str, offset: int, room: int, width: int) -> Iterator[int]:
    """Where a text with no place to break must be broken all the same: between graphemes."""
    used = 0
    for start, _, size in split_graphemes(text)[0]:
        if used + size > room:
            yield offset + start
            used, room = 0, width
        used += size


def _units(text: str) -> Iterator[tuple[int, str]]:
    """What a line may break after: words with their spaces, and wide characters."""
    if text.isascii():
        for match in _WORD.finditer(text):
            yield match.start(), match[0]
        return
    start, before = 0, ""
    for first, end, size in split_graphemes(text)[0]:
        grapheme = text[first:end]
        if before and _may_break(before, grapheme, size):
            yield start, text[start:first]
            start = first
        before = grapheme
    if start < len(text):
        yield start, text[start:]


def _may_break(before: str, grapheme: str, size: int) -> bool:
    if grapheme == " ":
        return False
    if before[-1:] == " ":
        return True
    if grapheme[0] in _CLOSING or before[-1] in _OPENING or _FLAG.match(grapheme):
        return False
    return size == _WIDE or cell_len(before) == _WIDE
