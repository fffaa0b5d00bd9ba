"""Saved chats as rows, under the time they were last written in."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby
from typing import Literal

import msgspec

from tui.domain.language import _
from tui.domain.units import ago
from tui.widgets.glyphs import g
from tui.widgets.lines import Lines, line, muted, picked, spread
from tui.widgets.plain import one_line
from tui.widgets.rows import Row

Mark = Literal["", "answering", "unseen", "draft", "stopped"]

_WEEK = 7


class SessionRow(msgspec.Struct, frozen=True):
    """A saved chat, as the list shows it."""

    id: str
    title: str
    updated_at: datetime
    mark: Mark = ""
    model: str = ""
    pinned: bool = False


def session_rows(sessions: Iterable[SessionRow], now: datetime) -> list[Row]:
    """Rows in the order given, pinned ones first, a heading above each group."""
    ordered = sorted(sessions, key=lambda session: not session.pinned)
    groups = groupby(ordered, key=lambda session: _group(session, now))
    return [
        row
        for number, (name, members) in enumerate(groups)
        for row in _group_rows(name, members, now, first=number == 0)
    ]


def _group_rows(
    name: str, members: Iterable[SessionRow], now: datetime, *, first: bool
) -> Iterator[Row]:
    if not first:
        yield Row(f"above {name}", _blank, selectable=False)
    yield Row(f"group {name}", partial(_heading, name), selectable=False)
    for session in members:
        yield Row(session.id, partial(_session, session, now))


def _blank(_width: int, _here: bool) -> Lines:
    return [line()]


def _heading(name: str, _width: int, _here: bool) -> Lines:
    return [muted(f" {name}")]


def _session(session: SessionRow, now: datetime, width: int, here: bool) -> Lines:
    title = one_line(session.title) or _("new chat")
    left = line(
        (f" {g.here} " if here else "   ", "$accent"),
        (title, "bold $strong" if here else "$foreground"),
    )
    glyph, colour = _mark(session.mark)
    when = (f"{_when(session, now)} ", "$muted")
    row = spread(left, line((glyph, colour), " " if glyph else "", when), width)
    return [picked(row, width) if here else row]


def _mark(mark: Mark) -> tuple[str, str]:
    return {
        "": ("", ""),
        "answering": (g.up, "$accent"),
        "unseen": (g.unseen, "$success"),
        "draft": (g.draft, "$muted"),
        "stopped": (g.paused, "$warning"),
    }[mark]


def _group(session: SessionRow, now: datetime) -> str:
    if session.pinned:
        return _("Pinned")
    days = _days(session, now)
    if days <= 0:
        return _("Today")
    if days == 1:
        return _("Yesterday")
    return _("Last week") if days <= _WEEK else _("Older")


def _when(session: SessionRow, now: datetime) -> str:
    """The time, the day of the week, or how long ago."""
    days, here = _days(session, now), session.updated_at.astimezone()
    if now - session.updated_at < timedelta(minutes=1):
        return ago(session.updated_at, now)
    if days <= 1:
        return f"{here:%H:%M}"
    names = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
    return names[here.weekday()] if days < _WEEK else ago(session.updated_at, now)


def _days(session: SessionRow, now: datetime) -> int:
    return (now.astimezone().date() - session.updated_at.astimezone().date()).days
