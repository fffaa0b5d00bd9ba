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
    archived: bool = False
    tags: tuple[str, ...] = ()


def session_rows(sessions: Iterable[SessionRow], now: datetime) -> list[Row]:
    """Rows in the order given, pinned first and archived last, a heading above each group."""
    ordered = sorted(sessions, key=lambda session: (session.archived, not session.pinned))
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
    when = (f"{when_of(session.updated_at, now)} ", "$muted")
    right = line((glyph, colour), " " if glyph else "", when)
    tags = muted("".join(f" #{one_line(tag)}" for tag in session.tags))
    if left.cell_length + tags.cell_length + 2 + right.cell_length <= width:
        left = line(left, tags)
    row = spread(left, right, width)
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
    if session.archived:
        return _("Archived")
    if session.pinned:
        return _("Pinned")
    days = _days(session.updated_at, now)
    if days <= 0:
        return _("Today")
    if days == 1:
        return _("Yesterday")
    return _("Last 7 days") if days <= _WEEK else _("Older")


def when_of(moment: datetime, now: datetime) -> str:
    """The time, the day of the week, or how long ago."""
    days, here = _days(moment, now), moment.astimezone()
    if now - moment < timedelta(minutes=1):
        return ago(moment, now)
    if days <= 1:
        return f"{here:%H:%M}"
    names = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
    return names[here.weekday()] if days < _WEEK else ago(moment, now)


def _days(moment: datetime, now: datetime) -> int:
    return (now.astimezone().date() - moment.astimezone().date()).days
