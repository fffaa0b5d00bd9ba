"""Two answers to the same question, side by side or one below the other."""

from collections.abc import Iterator

from msgspec.structs import replace
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container

from tui.domain.language import _
from tui.domain.session import Message
from tui.domain.view import ChatView
from tui.screens.chats.entries import live_entry
from tui.screens.page import Page
from tui.screens.signals import ReplyEvent, Signals
from tui.widgets.entry import Entry
from tui.widgets.transcript import Transcript
from tui.worker.events import ReplyEnded
from tui.worker.worker import Worker

_BESIDE = 100
"""Columns from which two answers stand side by side."""


class ComparisonPage(Page):
    """Both scroll together; the second gives way to further ones, also to one on its way."""

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

    def __init__(self, worker: Worker, signals: Signals, session_id: str, chosen: Message) -> None:
        """`chosen` stands beside the answer before it."""
        super().__init__(worker, signals)
        self._session_id = session_id
        self._question = chosen.parent
        ids = [each.message.id for each in self._answers()]
        second = max(ids.index(chosen.id), 1)
        self._shown = [second - 1, second]
        self.view = ChatView()

    def compose_body(self) -> ComposeResult:
        with Container(id="answers"):
            yield Transcript(id="left")
            yield Transcript(id="right")

    def on_mount(self) -> None:
        self.signals.replies.subscribe(self, self._hear)
        self.call_after_refresh(self._show, *self._columns())  # without a size nothing scrolls

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return action != "other" or len(self._answers()) > len(self._shown)

    def action_other(self, by: int) -> None:
        """Put another answer into the second place."""
        first, second = self._shown
        others = [at for at in range(len(self._answers())) if at != first]
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
        for each, answer in self._beside():
            if each in columns:
                each.view = self.view
                each.show([answer])
                if answer.live is None:
                    each.go_first()

    def _hear(self, event: ReplyEvent) -> None:
        """What is on its way grows; how many answers there are may be another number."""
        about = event.session_id if isinstance(event, ReplyEnded) else event.reply.session_id
        if about == self._session_id:
            for each, answer in self._beside():
                each.update(answer)
            self.refresh_bindings()

    def _beside(self) -> Iterator[tuple[Transcript, Entry]]:
        """Each column, and the answer in it."""
        answers = self._answers()
        for each, at in zip(self._columns(), self._shown, strict=True):
            yield each, answers[at]

    def _answers(self) -> list[Entry]:
        """All there are; where several hosts answered, each with its own."""
        session = self.worker.conversations.open(self._session_id)
        reply = self.worker.replies.running(self._session_id)
        runs = [reply] if reply and reply.message.parent == self._question else []
        said = [m for m in session.messages if (m.parent, m.role) == (self._question, "assistant")]
        count = len(said) + len(runs)
        answers = [
            *(Entry(each, (at, count), thought=each.thought) for at, each in enumerate(said, 1)),
            *(live_entry(session, each, (count, count)) for each in runs),
        ]
        several = len({each.message.host for each in answers}) > 1
        return [replace(each, host=each.message.host if several else "") for each in answers]
