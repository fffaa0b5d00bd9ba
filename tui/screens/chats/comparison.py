"""Two answers to the same question, side by side or one below the other."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container

from tui.domain.language import _
from tui.domain.session import Message
from tui.domain.view import ChatView
from tui.screens.page import Page
from tui.screens.signals import Signals
from tui.widgets.entry import Entry
from tui.widgets.transcript import Transcript
from tui.worker.worker import Worker

_BESIDE = 100
"""Columns from which two answers stand side by side."""


class ComparisonPage(Page):
    """Both scroll together; the second gives way to further ones."""

    TITLE = _("Chats")
    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = [(0, "-below"), (_BESIDE, "-beside")]
    BINDINGS = [
        Binding("j,down", "scroll(1)", _("down"), id="comparison.down"),
        Binding("k,up", "scroll(-1)", _("up"), id="comparison.up"),
        Binding("left", "other(-1)", _("answer before"), id="comparison.before"),
        Binding("right", "other(1)", _("next answer"), id="comparison.after"),
        Binding("t", "thinking", _("thinking"), id="comparison.thinking"),
        Binding("pagedown,space", "turn(1)", _("page down"), show=False, id="comparison.page_down"),
        Binding("pageup", "turn(-1)", _("page up"), show=False, id="comparison.page_up"),
        Binding("g,home", "first", _("beginning"), show=False, id="comparison.first"),
        Binding("G,end", "last", _("end"), show=False, id="comparison.last"),
        Binding("escape,q,v,vertical_line", "leave", _("back"), id="comparison.leave"),
    ]

    def __init__(
        self, worker: Worker, signals: Signals, answers: Sequence[Message], second: int
    ) -> None:
        """`second` is which answer stands beside the first one before it."""
        super().__init__(worker, signals)
        self._answers = answers
        self._shown = [second - 1, second]
        self.view = ChatView()

    def compose_body(self) -> ComposeResult:
        with Container(id="answers"):
            yield Transcript(id="left")
            yield Transcript(id="right")

    def on_mount(self) -> None:
        self.call_after_refresh(self._show, *self._columns())  # without a size nothing scrolls

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return action != "other" or len(self._answers) > len(self._shown)

    def action_other(self, by: int) -> None:
        """Put another answer into the second place."""
        first, second = self._shown
        others = [at for at in range(len(self._answers)) if at != first]
        self._shown[1] = others[(others.index(second) + by) % len(others)]
        self._show(self._columns()[1])

    def action_scroll(self, by: int) -> None:
        """Move both by lines."""
        for each in self._columns():
            each.action_scroll(by)

    def action_turn(self, by: int) -> None:
        """Move both by what is in sight."""
        for each in self._columns():
            each.action_page(by)

    def action_first(self) -> None:
        """Both from their beginning."""
        for each in self._columns():
            each.go_first()

    def action_last(self) -> None:
        """Both to their end."""
        for each in self._columns():
            each.follow()

    def action_thinking(self) -> None:
        """Fold or unfold what both thought."""
        for each in self._columns():
            each.toggle_folded()

    def action_leave(self) -> None:
        """Back to the conversation."""
        self.dismiss()

    def _columns(self) -> tuple[Transcript, Transcript]:
        return self.query_one("#left", Transcript), self.query_one("#right", Transcript)

    def _show(self, *columns: Transcript) -> None:
        shown = dict(zip(self._columns(), self._shown, strict=True))
        for each in columns:
            at = shown[each]
            message = self._answers[at]
            place = (at + 1, len(self._answers))
            each.view = self.view
            several = len({answer.host for answer in self._answers}) > 1
            host = message.host if several else ""
            each.show([Entry(message, place, thought=message.thought, host=host)])
            each.go_first()
