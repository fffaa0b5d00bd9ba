"""A question with two answers."""

from functools import partial

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding

from tui.domain.language import _
from tui.screens.dialogs.dialog import Dialog
from tui.widgets.glyphs import g
from tui.widgets.lines import Lines, line, picked
from tui.widgets.rows import Row, Rows
from tui.widgets.text import Text

YES, NO = "yes", "no"


class Answers(Rows):
    """The two answers."""

    BINDINGS = [Binding("enter", "choose", _("choose"), id="confirm.choose")]


class ConfirmDialog(Dialog[bool]):
    """Asks before something that cannot be undone: the answer that does nothing comes first."""

    AUTO_FOCUS = "Rows"
    BINDINGS = [
        Binding("y", "answer(True)", _("yes"), show=False, id="confirm.yes"),
        Binding("n", "answer(False)", _("no"), show=False, id="confirm.no"),
    ]

    choices = getters.query_one(Rows)

    def __init__(
        self, title: str, text: str, *, yes: str, no: str = "", assent: bool = False
    ) -> None:
        """`assent` puts the cursor on yes, where nothing is lost by it."""
        super().__init__(title)
        self._text = text
        answers = ((NO, no or _("keep")), (YES, yes))
        self._answers = answers[::-1] if assent else answers

    def compose_body(self) -> ComposeResult:
        yield Text(self._text)
        yield Answers()

    def on_mount(self) -> None:
        self.choices.show(Row(key, partial(_draw, label)) for key, label in self._answers)

    @on(Rows.Chosen)
    def _choose(self, event: Rows.Chosen) -> None:
        self.dismiss(event.key == YES)

    def action_answer(self, answer: bool) -> None:
        """Answer at once."""
        self.dismiss(answer)


def _draw(label: str, width: int, here: bool) -> Lines:
    row = line(
        (f"{g.here if here else ' '} ", "$accent"),
        (label, "bold $strong" if here else "$foreground"),
    )
    return [picked(row, width) if here else row]
