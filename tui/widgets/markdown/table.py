"""Tables with no vertical lines; one too narrow for columns becomes a record for each row."""

from collections.abc import Sequence
from itertools import zip_longest

from textual.content import Content

from tui.widgets.glyphs import g
from tui.widgets.lines import Lines, line
from tui.widgets.markdown.blocks import Align, Table
from tui.widgets.wrap import wrap

_GAP = 3
_LEAST = 12
"""A column that wraps has at least this many cells."""
_STEP = 2
_LEAST_RECORD = 8

Row = Sequence[Content]


def table(block: Table, width: int, full: int) -> Lines:
    """Bold heads, one rule, and rows; long cells wrap."""
    head = [cell.stylize_before("bold $foreground") for cell in block.head]
    natural = [max(map(_length, column)) for column in zip(head, *block.rows, strict=True)]
    gaps = _GAP * (len(natural) - 1)
    needed = sum(natural) + gaps
    room = width if needed <= width else min(max(width, needed), full)
    widths = _widths(natural, room - gaps)
    if widths is None:
        return _records(block, width)
    rule = line((g.rule * (sum(widths) + gaps), "$rule"))
    rows = [row for cells in block.rows for row in _row(cells, widths, block.aligns)]
    return [*_row(head, widths, block.aligns), rule, *rows]


def _length(cell: Content) -> int:
    return max(part.cell_length for part in cell.split("\n", allow_blank=True))


def _widths(natural: list[int], room: int) -> list[int] | None:
    """Columns as wide as they need, the widest giving way; None when that is not enough."""
    widths = [*natural]
    while (excess := sum(widths) - room) > 0:
        widest = max(widths)
        index = len(widths) - 1 - widths[::-1].index(widest)
        next_widest = max((size for size in widths if size < widest), default=0)
        least = max(next_widest, min(_LEAST, widest))
        if widest <= _LEAST:
            return None
        widths[index] = max(widest - excess, least if least < widest else widest - 1)
    return widths


def _row(cells: Row, widths: list[int], aligns: Sequence[Align]) -> Lines:
    columns = [
        [_aligned(part, size, align) for part in wrap(cell, size)]
        for cell, size, align in zip(cells, widths, aligns, strict=True)
    ]
    rows = []
    for parts in zip_longest(*columns):
        filled = [
            Content(" " * size) if part is None else part
            for part, size in zip(parts, widths, strict=True)
        ]
        rows.append(line(" " * _GAP).join(filled).rstrip(" "))
    return rows


def _aligned(part: Content, size: int, align: Align) -> Content:
    free = size - part.cell_length
    before = {"left": 0, "center": free // 2, "right": free}[align]
    return part.pad(before, free - before)


def _records(block: Table, width: int) -> Lines:
    by = _STEP if width - _STEP >= _LEAST_RECORD else 0
    rows: Lines = []
    for first, *others in block.rows:
        rows += wrap(first.stylize_before("bold $foreground"), width)
        for head, cell in zip(block.head[1:], others, strict=True):
            said = line(head.stylize("$muted"), " ", cell) if head.plain else cell
            rows += [line(" " * by, part) for part in wrap(said, width - by)]
    return rows or wrap(line(" " * _GAP).join(block.head), width)
