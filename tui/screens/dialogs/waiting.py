"""The messages that wait to be sent, and what can be done with each."""

from collections.abc import Sequence
from functools import partial
from typing import Literal, NamedTuple

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding

from tui.domain.language import _
from tui.screens.dialogs.dialog import Dialog
from tui.widgets.glyphs import g
from tui.widgets.lines import Lines, fit, line, picked
from tui.widgets.plain import one_line
from tui.widgets.rows import Row, Rows

_MOST = 12
"""Rows of the list at most; further ones scroll."""
_BEGINNING = 400

Act = Literal["send", "edit", "remove"]


class Wanted(NamedTuple):
    """What to do with the message at a place of the queue."""

    act: Act
    place: int


class WaitingDialog(Dialog[Wanted]):
    """Lets the user choose one of the waiting messages."""

    AUTO_FOCUS = "Rows"
    BINDINGS = [
        Binding("enter", "do('send')", _("send now"), id="waiting.send"),
        Binding("e", "do('edit')", _("edit"), id="waiting.edit"),
        Binding("d", "do('remove')", _("remove"), id="waiting.remove"),
        Binding("q", "cancel", "", show=False, id="waiting.cancel"),
    ]

    rows = getters.query_one(Rows)

    def __init__(self, texts: Sequence[str]) -> None:
        super().__init__(_("Waiting to be sent"))
        self._texts = texts

    def compose_body(self) -> ComposeResult:
        yield Rows()

    def on_mount(self) -> None:
        self.rows.styles.height = min(len(self._texts), _MOST)
        self.rows.styles.margin = (0, 0, 1, 0)
        self.rows.show(Row(str(at), partial(_draw, text)) for at, text in enumerate(self._texts))

    @on(Rows.Chosen)
    def _choose(self) -> None:
        self.action_do("send")

    def action_do(self, act: Act) -> None:
        """Answer with what to do with the message under the cursor."""
        if key := self.rows.cursor_key:
            self.dismiss(Wanted(act, int(key)))


def _draw(text: str, width: int, here: bool) -> Lines:
    row = line(
        (f"{g.here if here else ' '} ", "$accent"),
        (one_line(text[:_BEGINNING].strip()), "bold $strong" if here else "$foreground"),
    )
    return [picked(row, width) if here else fit(row, width)]
