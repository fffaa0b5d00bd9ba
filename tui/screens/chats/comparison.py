"""Answers to the same question: side by side, one below the other, or one at a time."""

from msgspec.structs import replace
from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.events import DescendantFocus

from tui.domain.language import _
from tui.paths import stylesheet
from tui.screens.chats.answers import answers, place_of, session_of, tab_of
from tui.screens.chats.columns import AnswerColumns, in_sight
from tui.screens.signals import ReplyEvent, SessionEvent, Signals
from tui.widgets.entry import Entry
from tui.widgets.question_line import QuestionLine
from tui.widgets.tab_strip import Strip
from tui.widgets.transcript import Transcript
from tui.worker.conversations import ReadOnly
from tui.worker.worker import Worker


class ComparisonPage(AnswerColumns):
    """All that stand here scroll together; the keys are about the one that is chosen."""

    TITLE = _("Chats")
    CSS_PATH = stylesheet("comparison")
    AUTO_FOCUS = ""
    BINDINGS = [
        Binding("left", "choose(-1)", _("answer before"), show=False, id="comparison.before"),
        Binding("right", "choose(1)", _("next answer"), id="comparison.after"),
        Binding("enter", "keep", _("go on with it"), id="comparison.keep"),
        Binding("s", "stop", _("stop it"), id="comparison.stop"),
        Binding("ctrl+c", "stop_all", _("stop all"), id="comparison.stop_all"),
        Binding("y", "copy", _("copy"), id="comparison.copy"),
        Binding("escape,q,v,vertical_line", "leave", _("back"), id="comparison.leave"),
    ]

    strip = getters.query_one(Strip)
    asked = getters.query_one(QuestionLine)

    def __init__(
        self, worker: Worker, signals: Signals, session_id: str, question: str, chosen: str = ""
    ) -> None:
        """`question` and the answer to begin with are ids of messages."""
        super().__init__(worker, signals)
        self._session_id = session_id
        self._question = question
        self._entries = answers(worker, session_id, question)
        ids = [each.message.id for each in self._entries]
        self._chosen = ids.index(chosen) if chosen in ids else 0
        self._first = 0
        self._offered: tuple[object, ...] = ()
        """What the footer depends on."""

    def compose_body(self) -> ComposeResult:
        yield Strip()
        yield QuestionLine()
        yield from self.compose_columns()

    def on_mount(self) -> None:
        self.signals.replies.subscribe(self, self._hear)
        self.signals.sessions.subscribe(self, self._hear)
        question = self.worker.conversations.open(self._session_id).get(self._question)
        self.asked.text = question.content if question else ""
        # Without a size nothing scrolls; and short answers may have ended since this was made.
        self.call_after_refresh(self._look)

    def on_resize(self) -> None:
        self.call_after_refresh(self._draw)

    # --- what can be done ---

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        entry = self._entry
        if entry is None:
            return action == "leave"
        offered = {
            "choose": len(self._entries) > 1,
            "keep": entry.live is None or self._runs,
            "stop": self._runs,
            "stop_all": any(each.live for each in self._entries),
            "copy": bool(entry.message.content),
        }
        return offered.get(action, True)

    def action_choose(self, by: int) -> None:
        """Go to the next answer, or to the one before."""
        self._chosen = (self._chosen + by) % max(len(self._entries), 1)
        self._draw()

    def action_keep(self) -> None:
        """Let the conversation go on with this answer and its model; the others are kept."""
        if (entry := self._entry) is None:
            return
        try:
            self.worker.others.keep(self._session_id, entry.message)
        except ReadOnly as error:
            self.notify(str(error), severity="warning", markup=False)
            return
        text = _("{answerer} goes on here; the others stay: ← → while browsing.")
        self.notify(text.format(answerer=entry.answerer), markup=False)
        self.dismiss()

    def action_stop(self) -> None:
        """Cut this answer short; the others go on."""
        if self._entry:
            self.worker.others.stop(self._session_id, self._entry.message.id)

    def action_stop_all(self) -> None:
        """Cut all answers short; what they said is kept."""
        self.worker.replies.stop(self._session_id)

    @work(group="copy")
    async def action_copy(self) -> None:
        """Copy this answer."""
        from tui.screens.clipping import clip

        if self._entry:
            await clip(self, self._entry.message.content)

    def action_leave(self) -> None:
        """Back to the conversation."""
        self.dismiss()

    # --- what is shown ---

    @property
    def _entry(self) -> Entry | None:
        """The answer that the keys are about."""
        return self._entries[self._chosen] if self._chosen < len(self._entries) else None

    @property
    def _runs(self) -> bool:
        """Whether it is on its way, and does not only wait for that."""
        running = [each.message.id for each in self.worker.replies.beside(self._session_id)]
        return self._entry is not None and self._entry.message.id in running

    def _hear(self, event: ReplyEvent | SessionEvent) -> None:
        """What is on its way grows; there may be other answers than before."""
        if session_of(event) == self._session_id:
            self._look()

    def _look(self) -> None:
        chosen = self._entry
        self._entries = answers(self.worker, self._session_id, self._question)
        self._chosen = place_of(chosen, self._entries) if chosen else 0
        self._draw()

    @on(DescendantFocus)
    def _choose_focused(self) -> None:
        """The column that was clicked on is meant from now on."""
        if isinstance(self.focused, Transcript) and self.focused in self.given:
            place = self._first + [*self.given].index(self.focused)
            if place != self._chosen:
                self._chosen = place
                self._draw()

    def _draw(self) -> None:
        if not self._entries:
            self.dismiss()
            return
        count = min(in_sight(*self.app.size), len(self._entries))
        first = min(self._first, len(self._entries) - count, self._chosen)
        self._first = max(first, self._chosen - count + 1)
        shown = self._entries[self._first : self._first + count]
        if count == len(self._entries):  # then nobody need be told which of how many
            shown = [replace(each, place=(1, 1)) for each in shown]
        self.give(shown)
        [*self.given][self._chosen - self._first].focus()
        self.strip.tabs = tuple(map(tab_of, self._entries))
        chosen = self._entries[self._chosen].message
        self.strip.active = chosen.id
        self.host, self.model = chosen.host, chosen.model
        self._offer()

    def _offer(self) -> None:
        """Offer other keys once others make sense."""
        states = tuple((each.message.id, each.live is None) for each in self._entries)
        offered = self._chosen, self._runs, bool(self._entries[self._chosen].message.content)
        if (states, offered) != self._offered:
            self._offered = states, offered
            self.refresh_bindings()

    @on(Strip.Chosen)
    def _choose_tab(self, event: Strip.Chosen) -> None:
        ids = [each.message.id for each in self._entries]
        if event.key in ids:
            self._chosen = ids.index(event.key)
            self._draw()
