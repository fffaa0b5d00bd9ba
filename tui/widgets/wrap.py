"""Lines broken at a width, also where Chinese has no spaces to break at."""

import re
from collections.abc import Iterator

from rich.cells import cell_len, split_graphemes
from textual.content import Content

from tui.widgets.lines import Lines

_CLOSING = frozenset("，。！？；：、）》」』】〉〕｝”’…—·％,.!?;:)]}%")
"""What must not begin a line after a wide character."""
_OPENING = frozenset("（《「『【〈〔｛“‘")
"""What must not end a line."""
_WORD = re.compile(r" +|[^ ]+ *")
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]+")
_WIDE = 2


def wrap(content: Content, width: int) -> Lines:
    """The content as lines of at most `width` cells; its own line ends stay."""
    return [row for part in content.split("\n", allow_blank=True) for row in _wrap(part, width)]


def fold(content: Content, width: int) -> Lines:
    """Cut wherever a line is full, as code must be: no space is lost."""
    text = content.plain
    if cell_len(text) <= width:
        return [content]
    return content.divide(list(_cuts(text, 0, width, width)))


def _wrap(content: Content, width: int) -> Lines:
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
        if size > width:
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
