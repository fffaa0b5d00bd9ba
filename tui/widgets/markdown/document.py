"""Markdown that grows: what is finished is laid out once."""

from itertools import pairwise

from textual.content import Content

from tui.widgets.lines import Lines, line
from tui.widgets.markdown.blocks import Block, Paragraph
from tui.widgets.markdown.layout import Space, draw, gap
from tui.widgets.markdown.parse import Placed, parse
from tui.widgets.plain import visible

_SETTLED = 2
"""Lines of a block that must be whole before it is sure to be one: a table shows in its second."""


class Document:
    """One answer for one width.

    While it streams, only the text after the last finished block of the top level is parsed
    again, and of that only blocks that changed are laid out again.
    """

    def __init__(self, space: Space, left: int = 0) -> None:
        self.space = space
        self._left = left
        self._reset()

    def _reset(self) -> None:
        self._finished = ""
        self._rows: Lines = []
        self._last: Block | None = None
        self._drawn: dict[str, Lines] = {}

    def update(self, text: str, *, plain: bool = False) -> Lines:
        """The lines of the text, which usually is the one of before and more.

        What may still grow is `plain` as it was written where painting it twice costs too much: a
        table that grows moves all its columns.
        """
        if not text.startswith(self._finished):
            self._reset()
        tail = text[len(self._finished) :]
        source = visible(tail)
        blocks = parse(source)
        lines = source.split("\n")
        bounds = [*(placed.start for placed in blocks), len(lines)]
        sources = ["\n".join(lines[start:end]) for start, end in pairwise(bounds)]
        drawn = {
            words: self._drawn.get(words) or _moved(draw(placed.block, self.space), self._left)
            for placed, words in zip(blocks, sources, strict=True)
        }
        self._drawn = drawn
        count = self._finish(blocks, sources, len(lines) - 1, tail)
        rows, last = [*self._rows], self._last
        open_block = len(blocks) - 1 if plain else None
        for index in range(count, len(blocks)):
            block, words = blocks[index].block, sources[index]
            as_written = index == open_block and not isinstance(block, Paragraph)
            _append(rows, last, block, self._plain(words) if as_written else drawn[words])
            last = block
        return rows

    def _plain(self, words: str) -> Lines:
        return _moved(draw(Paragraph(Content(words)), self.space), self._left)

    def _finish(self, blocks: list[Placed], sources: list[str], whole: int, tail: str) -> int:
        """Put away the blocks that nothing to come can change; how many they are."""
        count = next(
            (
                index
                for index in range(len(blocks) - 1, 0, -1)
                if blocks[index].start + _SETTLED <= whole
            ),
            0,
        )
        for placed, words in zip(blocks[:count], sources[:count], strict=True):
            _append(self._rows, self._last, placed.block, self._drawn[words])
            self._last = placed.block
        if count:
            # Making a text visible leaves its newlines, so lines are counted alike in both.
            kept = tail.split("\n", blocks[count].start)[-1]
            self._finished += tail[: len(tail) - len(kept)]
        return count


def _append(rows: Lines, last: Block | None, block: Block, drawn: Lines) -> None:
    if last is not None and gap(last, block):
        rows.append(Content(""))
    rows += drawn


def _moved(rows: Lines, left: int) -> Lines:
    return [line(" " * left, row) if row.plain else row for row in rows] if left else rows
