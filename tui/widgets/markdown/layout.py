"""From blocks to lines, for one width."""

from collections.abc import Sequence
from functools import singledispatch
from itertools import pairwise
from typing import NamedTuple

from rich.cells import cell_len
from textual.content import Content

from tui.widgets.glyphs import g
from tui.widgets.lines import Lines, fit, labelled, line, muted
from tui.widgets.markdown.blocks import (
    Block,
    Code,
    Formula,
    Heading,
    Listing,
    Paragraph,
    Quote,
    Rule,
    Table,
)
from tui.widgets.markdown.code import coloured
from tui.widgets.markdown.table import table
from tui.widgets.wrap import fold, window, wrap

_LEAST = 6
"""Text is not moved to the right when fewer cells than this would be left."""
_STEP = 2


class Space(NamedTuple):
    """Room for an answer: prose keeps to `width`; code and tables may take all if they need it."""

    width: int
    full: int
    across: int | None = None
    """From which column on lines are seen that run on; None where they wrap."""

    def within(self, by: int) -> "Space":
        """What is left of it further to the right."""
        return Space(self.width - by, self.full - by, self.across)

    def prose(self, content: Content) -> Lines:
        """A text as lines, broken between words."""
        if self.across is None:
            return wrap(content, self.width)
        rows = wrap(content, self.width, whole=True)
        return [row for each in rows for row in self.seen([each], self.width)]

    def seen(self, rows: Lines, width: int) -> Lines:
        """Lines that belong together: broken where they are full, or moved to the side alike."""
        if self.across is None:
            return [part for row in rows for part in fold(row, width)]
        beyond = max(row.cell_length for row in rows) - width
        across = min(self.across, max(beyond, 0))
        return [window(row, across, width) for row in rows]


def lay_out(blocks: Sequence[Block], space: Space, *, airy: bool = True) -> Lines:
    """Blocks below each other."""
    if not blocks:
        return []
    rows = list(draw(blocks[0], space))
    for before, block in pairwise(blocks):
        if airy and gap(before, block):
            rows.append(Content(""))
        rows += draw(block, space)
    return rows


def gap(before: Block, after: Block) -> int:
    """Blank lines between two blocks: none where the rules of code separate, or below a heading."""
    if isinstance(before, Code) and isinstance(after, Code | Rule):
        return 1
    return 0 if isinstance(before, Code | Heading) or isinstance(after, Code) else 1


@singledispatch
def draw(block: Block, _space: Space) -> Lines:
    """The lines of one block."""
    raise TypeError(block)


@draw.register
def _(block: Paragraph, space: Space) -> Lines:
    return space.prose(block.content)


@draw.register
def _(block: Heading, space: Space) -> Lines:
    return space.prose(block.content.stylize_before("bold $strong"))


@draw.register
def _(block: Formula, space: Space) -> Lines:
    return space.prose(Content(block.text))


@draw.register
def _(_block: Rule, space: Space) -> Lines:
    return [line((g.rule * space.width, "$rule"))]


@draw.register
def _(block: Quote, space: Space) -> Lines:
    by = _STEP if space.width - _STEP >= _LEAST else 0
    rows = lay_out(block.blocks, space.within(by))
    return _moved([row.stylize_before("$muted") for row in rows], by)


@draw.register
def _(block: Code, space: Space) -> Lines:
    by = _STEP if space.width - _STEP >= _LEAST else 0
    rows = coloured(block.language, block.text)
    longest = max(row.cell_length for row in rows) + by
    width = max(space.width, min(longest, space.full))
    head = fit(labelled(block.language, width), width) if block.language else _edge(width)
    return [head, *_moved(space.seen(rows, width - by), by), _edge(width)]


@draw.register
def _(block: Listing, space: Space) -> Lines:
    rows: Lines = []
    for item in block.items:
        if rows and block.airy:
            rows.append(Content(""))
        rows += _entry(item.marker or g.bullet, item.blocks, space, block.airy)
    return rows


@draw.register
def _(block: Table, space: Space) -> Lines:
    return table(block, space.width, space.full)


def _entry(marker: str, blocks: Sequence[Block], space: Space, airy: bool) -> Lines:
    by = cell_len(marker) + 1
    if space.width - by < _LEAST:  # too deep: the marker takes a line of its own
        return [*wrap(muted(marker), space.width), *lay_out(blocks, space, airy=airy)]
    first, *others = lay_out(blocks, space.within(by), airy=airy) or [Content("")]
    return [line((f"{marker} ", "$muted"), first).rstrip(" "), *_moved(others, by)]


def _moved(rows: Lines, by: int) -> Lines:
    return [line(" " * by, row) if row.plain and by else row for row in rows]


def _edge(width: int) -> Content:
    return line((g.rule * width, "$rule"))
