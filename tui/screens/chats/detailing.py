"""What an answer took: counts, times, how it ended."""

from tui.domain.session import Message
from tui.screens.chats.asking import Part
from tui.screens.chats.entries import allocated


class Detailing(Part):
    """A page whose answers can be looked into."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "details":
            return self._answer() is not None
        return super().check_action(action, parameters)

    def action_details(self) -> None:
        """Show all counts and times of the chosen answer."""
        from tui.screens.dialogs.answer import AnswerDialog
        from tui.widgets.answer_facts import AnswerFacts

        session, answer = self.desk.session, self._answer()
        if session is not None and answer is not None:
            host = self.worker.hosts.status(session.host)
            facts = AnswerFacts(answer, allocated(answer.model, host))
            self.app.push_screen(AnswerDialog(facts))

    def _answer(self) -> Message | None:
        """The chosen answer, once it has ended."""
        chosen = self.pane.reading.transcript.chosen
        session = self.desk.session
        if session is None or chosen is None or chosen.role != "assistant":
            return None
        return session.get(chosen.id)
