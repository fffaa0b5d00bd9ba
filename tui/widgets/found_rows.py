"""What was found in the texts of chats, as rows below their titles."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

import msgspec
from textual.content import Content

from tui.domain.language import _
from tui.widgets.glyphs import g
from tui.widgets.lines import Lines, fit, line, muted, picked, spread
from tui.widgets.plain import one_line
from tui.widgets.rows import Row
from tui.widgets.session_rows import when_of

_INDENT = "   "


class FoundRow(msgspec.Struct, frozen=True):
    """A message in which something was found."""

    key: str
    title: str
    """The chat's."""
    created_at: datetime
    text: str
    hits: tuple[int, ...] = ()
    """Which characters of the text were looked for."""


def found_rows(found: Sequence[FoundRow], now: datetime, *, gap: bool) -> list[Row]:
    """A heading and the messages in the order given; `gap` keeps them from what stands above."""
    if not found:
        return []
    above = [Row("above text", _blank, selectable=False)] if gap else []
    heading = Row("group text", _heading, selectable=False)
    return [*above, heading, *(Row(each.key, partial(_draw, each, now), 2) for each in found)]


def _blank(_width: int, _here: bool) -> Lines:
    return [line()]


def _heading(_width: int, _here: bool) -> Lines:
    return [muted(" " + _("In the text"))]


def _draw(found: FoundRow, now: datetime, width: int, here: bool) -> Lines:
    title = one_line(found.title) or _("new chat")
    left = line(
        (f" {g.here} " if here else _INDENT, "$accent"),
        (title, "bold $strong" if here else "$foreground"),
    )
    head = spread(left, muted(f"{when_of(found.created_at, now)} "), width)
    text = fit(line(_INDENT, _marked(found)), max(width - 1, 0))
    return [picked(row, width) for row in (head, text)] if here else [head, text]


def _marked(found: FoundRow) -> Content:
    # One character for each of the text, so that the hits stay where they are.
    shown = "".join(each if each.isprintable() else " " for each in found.text)
    text = muted(shown)
    for hit in found.hits:
        text = text.stylize("bold underline $accent", hit, hit + 1)
    return text
