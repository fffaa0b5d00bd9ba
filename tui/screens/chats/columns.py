"""Columns in which answers are read: side by side, or one below the other."""

from collections.abc import Mapping, Sequence

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container

from tui.domain.language import _
from tui.domain.view import ChatView
from tui.screens.page import LOW, Page
from tui.screens.signals import Signals
from tui.widgets.entry import Entry
from tui.widgets.transcript import Transcript
from tui.worker.worker import Worker

BESIDE = 100
"""Cells of the window from which answers stand side by side."""
_LEAST, _MOST = 30, 4
"""Cells of such a column, and how many there are at most."""


def in_sight(width: int, height: int) -> int:
    """How many answers a window has room for."""
    if width >= BESIDE:
        return min(width // _LEAST, _MOST)
    return 2 if height >= LOW else 1


class AnswerColumns(Page):
    """A page of transcripts of one answer each, which scroll together."""

    HORIZONTAL_BREAKPOINTS = [(0, "-below"), (BESIDE, "-beside")]
    BINDINGS = [
        Binding("j", "scroll(1)", _("all down"), id="comparison.down"),
        Binding("k", "scroll(-1)", _("all up"), id="comparison.up"),
        Binding("t", "thinking", _("thinking"), id="comparison.thinking"),
        Binding("space", "turn(1)", _("all down by a page"), show=False, id="comparison.page_down"),
        Binding("b", "turn(-1)", _("all up by a page"), show=False, id="comparison.page_up"),
        Binding("g,home", "first", _("beginning"), show=False, id="comparison.first"),
        Binding("G,end", "last", _("end"), show=False, id="comparison.last"),
    ]

    def __init__(self, worker: Worker, signals: Signals) -> None:
        super().__init__(worker, signals)
        self.given: Mapping[Transcript, Entry] = {}
        """What each column shows."""
        self.view = ChatView()

    def compose_columns(self) -> ComposeResult:
        """As many as there may ever be."""
        with Container(id="answers"):
            yield from (Transcript() for _number in range(_MOST))

    def give(self, entries: Sequence[Entry]) -> None:
        """Show these answers, each in a column."""
        columns = [*self.query(Transcript)]
        for at, column in enumerate(columns):
            column.display = at < len(entries)
        before, self.given = self.given, dict(zip(columns, entries, strict=False))
        for column, entry in self.given.items():
            self._give(column, before.get(column), entry)

    def action_scroll(self, by: int) -> None:
        """Move all by lines."""
        for each in self.given:
            each.action_scroll(by)

    def action_turn(self, by: int) -> None:
        """Move all by what is in sight."""
        for each in self.given:
            each.action_page(by)

    def action_first(self) -> None:
        """All from their beginning."""
        for each in self.given:
            each.go_first()

    def action_last(self) -> None:
        """All to their end."""
        for each in self.given:
            each.follow()

    def action_thinking(self) -> None:
        """Fold or unfold what all thought."""
        for each in self.given:
            each.toggle_folded()

    def _give(self, column: Transcript, before: Entry | None, entry: Entry) -> None:
        if before is not None and before.message.id == entry.message.id:
            if before != entry:
                column.update(entry)
            return
        column.view = self.view
        column.show([entry])
        if entry.live is None:
            column.go_first()
