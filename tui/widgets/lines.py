"""Drawing as pure functions from values to lines: what every zone is made of."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rich.cells import cell_len
from textual.content import Content

from tui.widgets.glyphs import g

Part = str | Content | tuple[str, str]
Lines = list[Content]

PROSE = 100
"""Longest line of prose: beyond it the eye loses the next line."""
NARROW = 60
"""Below this width only the most needed columns stand."""
WIDE = 110
"""From this width on a detail pane stands beside its table."""

_LEAST_LEFT = 8


def line(*parts: Part) -> Content:
    """One line of text, or a part of one. Text in it is never read as markup."""
    return Content.assemble(*parts)


def muted(text: str) -> Content:
    """Labels, units, meta."""
    return line((text, "$muted"))


def strong(text: str) -> Content:
    """Names chosen, totals, questions."""
    return line((text, "bold $strong"))


def dots(*parts: str) -> str:
    """Facts of one kind, joined by the separator; empty ones are left out."""
    return f" {g.dot} ".join(part for part in parts if part)


def fit(content: Content, width: int, align: str = "left") -> Content:
    """Exactly `width` cells; what does not fit ends in an ellipsis."""
    if content.cell_length > width:
        content = content.truncate(max(width - 1, 0)).append(g.more) if width > 0 else Content("")
    gap = width - content.cell_length
    return content.pad_left(gap) if align == "right" else content.pad_right(gap)


def spread(left: Content, right: Content, width: int) -> Content:
    """Left and right part of one line; the left one gives way."""
    room = width - right.cell_length - 2
    return line(fit(left, room), "  ", right) if room > _LEAST_LEFT else fit(left, width)


def ruled(left: Content, right: Content, width: int) -> Content:
    """A rule that carries words at both ends: separation and information in one row."""
    gap = width - left.cell_length - right.cell_length - 6
    if gap < 1:
        left = fit(left, max(left.cell_length + gap - 1, 0))
        gap = 1
    rule = "$rule"
    if not left.plain and not right.plain:
        return line((g.rule * width, rule))
    return line(
        (g.rule, rule), " ", left, " ", (g.rule * gap, rule), " ", right, " ", (g.rule, rule)
    )


def labelled(label: str, width: int) -> Content:
    """A rule that begins with a word."""
    return line((label, "$muted"), " ", (g.rule * max(width - cell_len(label) - 1, 0), "$rule"))


def gauge(share: float, width: int, style: str = "$accent", start: float = 0) -> Content:
    """A thin bar, exact to half a cell; `start` leaves the part before it empty."""
    share = min(max(share, 0.0), 1.0)
    before = round(start * width)
    full, half = divmod(min(round(share * width * 2), 2 * (width - before)), 2)
    rest = max(width - before - full - half, 0)
    return line(
        (g.rule * before, "$rule"),
        (g.full * full + g.half * half, style),
        (g.rule * rest, "$rule"),
    )


def picked(content: Content, width: int) -> Content:
    """A selected row: the only fill outside dialogs, one row high."""
    return fit(content, width).stylize("$picked")


def indent(rows: Lines, by: int = 3) -> Lines:
    """Rows moved to the right."""
    return [line(" " * by).append(row) for row in rows]


class Column(NamedTuple):
    """A column of a table: its heading, its cells wide, its alignment."""

    title: str
    width: int
    align: str = "left"


def cells(columns: Iterable[Column], values: Iterable[Part]) -> Content:
    """One row of a table, two spaces between its columns."""
    return line("  ").join(
        [
            fit(line(value), column.width, column.align)
            for column, value in zip(columns, values, strict=False)
        ]
    )


def heading(columns: Sequence[Column]) -> Content:
    """The titles of a table's columns."""
    return cells(columns, [(column.title, "$muted") for column in columns])
