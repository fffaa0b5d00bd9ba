"""What an answer took."""

from textual.app import ComposeResult
from textual.binding import Binding

from tui.domain.language import _
from tui.screens.dialogs.dialog import Dialog
from tui.widgets.answer_facts import AnswerFacts, AnswerSheet


class AnswerDialog(Dialog[None]):
    """Counts and times of one answer, until the user has read them."""

    BINDINGS = [Binding("enter,q,o", "cancel", _("back"), show=False, id="answer.cancel")]

    def __init__(self, facts: AnswerFacts) -> None:
        super().__init__(_("About this answer"))
        self._facts = facts

    def compose_body(self) -> ComposeResult:
        yield AnswerSheet(self._facts)
