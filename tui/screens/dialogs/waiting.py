"""The messages that wait to be sent, and what can be done with each."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from textual import on
from textual.binding import Binding

from tui.domain.language import _
from tui.screens.dialogs.choice import ListDialog
from tui.widgets.rows import Rows

Act = Literal["send", "edit", "remove"]


class Wanted(NamedTuple):
    """What to do with the message at a place of the queue."""

    act: Act
    place: int


class _Queue(Rows):
    """The messages, in the order in which they are sent."""

    BINDINGS = [Binding("enter", "choose", _("send now"), id="waiting.send")]


class WaitingDialog(ListDialog[Wanted]):
    """Lets the user choose one of the waiting messages."""

    KIND = _Queue
    BINDINGS = [
        Binding("e", "do('edit')", _("edit"), id="waiting.edit"),
        Binding("d", "do('remove')", _("remove"), id="waiting.remove"),
    ]

    def __init__(self, texts: Sequence[str]) -> None:
        super().__init__(_("Waiting to be sent"), texts)

    @on(Rows.Chosen)
    def _choose(self) -> None:
        self.action_do("send")

    def action_do(self, act: Act) -> None:
        """Answer with what to do with the message under the cursor."""
        self.dismiss(Wanted(act, self.place))
