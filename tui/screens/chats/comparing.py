"""The same question to several models, and what they said side by side."""

from collections.abc import Sequence
from typing import NamedTuple

from textual import work

from tui.api.errors import OllamaError
from tui.domain.language import _
from tui.domain.session import Session
from tui.domain.status import HostStatus
from tui.screens.chats.asking import Part
from tui.screens.chats.entries import chats
from tui.worker.conversations import ReadOnly


class Answerer(NamedTuple):
    """A model that can be asked, and its host if that is not the session's."""

    model: str
    host: str = ""
    is_loaded: bool = False
    size: int = 0
    """Bytes on disk; 0 where nobody tells."""

    @property
    def shown(self) -> str:
        """What the user chooses it by."""
        return f"{self.host}/{self.model}" if self.host else self.model


_SENT = _("Sent; m while browsing lets other models answer it, too.")


class Comparing(Part):
    """A page whose questions several models can answer."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "ask_others":
            return bool(self._question())
        if action == "compare":
            return self._answers() > 1
        return super().check_action(action, parameters)

    def action_ask_others(self) -> None:
        """Let other models answer the same question."""
        if (session := self.desk.session) and (question := self._question()):
            self._ask_others(session, question)

    def action_ask_all(self, text: str = "") -> None:
        """Ask something, and let other models answer it, too."""
        running = self.worker.replies.running(self.desk.tabs.active)
        if text and running:
            self._warn(_("An answer is still running here: ask several models when it is over."))
            self.pane.give_back(f"/ask-all {text}")
            return
        if text:
            self.ask(text)
            running = self.worker.replies.running(self.desk.tabs.active)
        question = (running.message.parent if running else "") if text else self._question()
        if question and self.desk.session:
            self._ask_others(self.desk.session, question)
        elif text and not self.pane.prompt.whole:  # its files are still being read
            self.notify(_SENT)
        elif not text:
            self._warn(_("There is no question yet: /ask-all QUESTION asks one."))

    def begin_with(self, pairs: Sequence[tuple[str, str]], question: str) -> None:
        """Begin a chat with a model on its host; a question goes to all of them at once."""
        (model, host), *others = pairs
        self.desk.begin(model, host)
        self.show_active()
        if not question:
            return
        self.ask(question)
        running = self.worker.replies.running(self.desk.tabs.active)
        if running and self.desk.session:
            answerers = [Answerer(*pair) for pair in others]
            self._let_answer(self.desk.session, running.message.parent or "", answerers)
        elif others and not self.pane.prompt.whole:  # its files are still being read
            self.notify(_SENT)

    def action_compare(self) -> None:
        """Show the chosen answer beside the others to the same question."""
        chosen = self.pane.reading.transcript.chosen
        if chosen is not None and self._answers() > 1:
            self._show_beside(chosen.parent or "", chosen.id)

    def _show_beside(self, question: str, chosen: str = "") -> None:
        from tui.screens.chats.comparison import ComparisonPage

        active = self.desk.tabs.active
        page = ComparisonPage(self.worker, self.signals, active, question, chosen)
        page.view = self.desk.view
        self.app.push_screen(page, self._compared)

    def _compared(self, _result: object) -> None:
        """The chat may go on with the model of another answer."""
        session = self.desk.session
        if session and (session.host, session.model) != (self.host, self.model):
            self.show_active()

    @work(group="models", exclusive=True)
    async def _ask_others(self, session: Session, question: str) -> None:
        from tui.screens.dialogs.models import Candidate, ModelsDialog

        others = {each.shown: each for each in self._others(session)}
        if not others:
            self._warn(_("{host} has no other model that can chat.").format(host=session.host))
            return
        listed = [Candidate(name, each.is_loaded, each.size) for name, each in others.items()]
        names = await self.app.push_screen_wait(ModelsDialog(listed))
        if names:
            self._let_answer(session, question, [others[name] for name in names])

    def _let_answer(self, session: Session, question: str, others: Sequence[Answerer]) -> None:
        try:
            for each in others:
                self.worker.others.ask(session.id, question, [each.model], each.host)
        except (OllamaError, ReadOnly) as error:
            self._warn(str(error))
            return
        self.pane.reading.transcript.follow()
        if len(others) > 1 or not self._is_answered(session, question):
            self._show_beside(question)

    def _is_answered(self, session: Session, question: str) -> bool:
        """Whether an answer was there before."""
        return any(each.parent == question for each in session.messages)

    def _others(self, session: Session) -> list[Answerer]:
        """Who could be asked, here and elsewhere: not the one whose answer is looked at.

        Those that are loaded come first, then those of this host.
        """
        chosen = self.pane.reading.transcript.chosen
        asked = chosen.model if chosen and chosen.model else session.model
        there = (chosen.host if chosen else "") or session.host
        here = self.worker.hosts.status(session.host)
        far = (each for each in self.worker.hosts.all() if each.state == "up")
        found = [
            each
            for status in (here, *(each for each in far if each.name != here.name))
            for each in _answerers(status, is_here=status is here)
            if (status.name, each.model) != (there, asked)
        ]
        return sorted(found, key=lambda each: not each.is_loaded)

    def _question(self) -> str:
        """The id of the question that the chosen message is, or answers."""
        chosen = self.pane.reading.transcript.chosen if self.desk.session else None
        if chosen is None:
            return ""
        return chosen.id if chosen.role == "user" else chosen.parent or ""

    def _answers(self) -> int:
        """How many there are to the question of the chosen one, with that on its way."""
        session, chosen = self.desk.session, self.pane.reading.transcript.chosen
        if session is None or chosen is None or chosen.role != "assistant":
            return 0
        running = self.worker.replies.beside(session.id)
        runs = sum(each.message.parent == chosen.parent for each in running)
        return len(session.siblings(chosen)) + runs

    def _warn(self, text: str) -> None:
        self.notify(text, severity="warning", markup=False)


def _answerers(status: HostStatus, *, is_here: bool) -> list[Answerer]:
    """The models of a host that chat."""
    loaded = {each.name for each in status.running}
    return [
        Answerer(model.name, "" if is_here else status.name, model.name in loaded, model.size)
        for model in status.models or ()
        if chats(model)
    ]
