"""What each model takes on a disk, and what of it is its own."""

from collections.abc import Iterable
from functools import partial

import msgspec

from tui.domain.language import _
from tui.domain.units import size
from tui.widgets.glyphs import g
from tui.widgets.lines import Column, Lines, Part, cells, heading, line, picked
from tui.widgets.model_table import name_of
from tui.widgets.plain import one_line
from tui.widgets.rows import Row

_NAME_LEAST = 14
_WITH_SHARED = 50
_WITH_FROM = 90
"""The width from which there is room for the names of those it shares with."""


class DiskLine(msgspec.Struct, frozen=True):
    """What a row says of a model."""

    name: str
    size: int
    freed: int | None = None
    """Bytes that deleting it alone frees; None where nobody knows."""
    shared: int = 0
    sharers: tuple[str, ...] = ()


def disk_rows(lines: Iterable[DiskLine]) -> list[Row]:
    """A heading, and a row for each model."""
    return [Row("", _heading, 1, False), *(Row(each.name, partial(_draw, each)) for each in lines)]


def _columns(width: int) -> list[Column]:
    others = [
        Column(_("size"), 8, "right"),
        Column(_("frees"), 8, "right"),
    ]
    others += [Column(_("shared"), 8, "right")] if width >= _WITH_SHARED else []
    others += [Column(_("with"), 34)] if width >= _WITH_FROM else []
    room = width - 1 - sum(column.width + 2 for column in others)
    return [Column(_("  name"), max(room, _NAME_LEAST)), *others]


def _heading(width: int, _here: bool) -> Lines:
    return [line(" ", heading(_columns(width)))]


def _draw(entry: DiskLine, width: int, here: bool) -> Lines:
    columns = _columns(width)
    name = name_of(entry.name, columns[0].width - 2, here=here)
    title = line((f"{g.here if here else ' '} ", "$accent"), name)
    values: list[Part] = [
        title,
        size(entry.size),
        (_("unknown"), "$muted") if entry.freed is None else size(entry.freed),
        (size(entry.shared), "$muted") if entry.shared else "",
    ]
    values += [(one_line(", ".join(entry.sharers)), "$muted")] if width >= _WITH_FROM else []
    row = line(" ", cells(columns, values))
    return [picked(row, width) if here else row]
