"""One message as lines, kept so that only what changes is laid out and coloured again."""

from datetime import datetime

from textual.content import Content
from textual.strip import Strip

from tui.domain.session import Message
from tui.widgets import turns
from tui.widgets.answer_facts import counted
from tui.widgets.endings import ending
from tui.widgets.entry import Entry
from tui.widgets.glyphs import g
from tui.widgets.lines import Lines, indent, line, muted
from tui.widgets.markdown import Document, Space
from tui.widgets.turns import GUTTER, Look
from tui.widgets.wrap import wrap

_LABEL = 8
"""Cells of the names of counts."""


class Drawn:
    """The lines of one entry, and the strips of those that were on the screen."""

    def __init__(self, entry: Entry, look: Look, now: datetime) -> None:
        self.entry, self.look = entry, look
        self.rows: Lines = []
        self.strips: list[Strip | None] = []
        self._document = _document(look)
        self.update(entry, look, now)

    def update(self, entry: Entry, look: Look, now: datetime) -> None:
        """Draw the entry as it is now; lines that are as before keep their strips."""
        if (look.window, look.across) != (self.look.window, self.look.across):
            self._document = _document(look)
        self.entry, self.look = entry, look
        before, self.rows = self.rows, self._draw(entry, look, now)
        first = _first_difference(before, self.rows)
        self.strips[first:] = [None] * (len(self.rows) - first)

    def forget_colours(self) -> None:
        """After a change of theme."""
        self.strips = [None] * len(self.rows)

    def _draw(self, entry: Entry, look: Look, now: datetime) -> Lines:
        match entry.message.role:
            case "user":
                return turns.question(entry.message, look)
            case "assistant":
                return self._answer(entry, look, now)
            case _:
                return turns.notice(entry.message, look)

    def _answer(self, entry: Entry, look: Look, now: datetime) -> Lines:
        message, live = entry.message, entry.live
        rows = turns.head(entry, look)
        written = turns.written(message, whole=live is None)
        body = self._document.update(written, plain=look.plain and live is not None)
        if message.thinking:
            rows += turns.thoughts(entry, look, now)
            if body:
                rows.append(Content(""))
        rows += _growing(body) if live and body else body
        if message.tool_calls:
            from tui.widgets.calls import calls  # which few answers have, and json with it

            rows += calls(message, look)
        if live is None:
            told = verbose(message, look) if look.verbose else []
            return [*rows, *told, *ending(message, look)]
        if not body and not (message.thinking and live.phase == "thinking"):
            rows += turns.waiting(live, look, now)
        return rows


def _document(look: Look) -> Document:
    return Document(Space(look.width, look.full, look.across), GUTTER)


def verbose(message: Message, look: Look) -> Lines:
    """Counts and times below an answer, as `ollama run --verbose` tells them."""
    if message.stats is None:
        return []
    told = [f"{label:<{_LABEL}}{value}" for label, value in counted(message.stats) if value]
    rows = wrap(muted("\n".join(told)), look.width)
    return [Content(""), *indent(rows, GUTTER)]


def _growing(rows: Lines) -> Lines:
    """The mark at the end of what has come; not behind the rule that closes code."""
    at = len(rows) - 1
    if at and not rows[at].plain.strip(f" {g.rule}"):
        at -= 1
    return [*rows[:at], line(rows[at], (g.growing, "$accent")), *rows[at + 1 :]]


def _first_difference(before: Lines, after: Lines) -> int:
    for index, (old, new) in enumerate(zip(before, after, strict=False)):
        if not (old is new or old.is_same(new)):
            return index
    return min(len(before), len(after))
