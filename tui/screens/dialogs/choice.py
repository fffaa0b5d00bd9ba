"""A few lines of which one is chosen."""

from collections.abc import Sequence
from functools import partial

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding

from tui.domain.language import _
from tui.screens.dialogs.dialog import Answer, Dialog
from tui.widgets.glyphs import g
from tui.widgets.lines import Lines, fit, line, picked
from tui.widgets.plain import one_line
from tui.widgets.rows import Row, Rows

_MOST = 12
"""Rows of the list at most; further ones scroll."""
_BEGINNING = 400
"""Characters of a text that are looked at; more never fits."""


class Choices(Rows):
    """Lines of which one is taken."""

    BINDINGS = [Binding("enter", "choose", _("choose"), id="choices.choose")]


class ListDialog(Dialog[Answer]):
    """Shows each text in one line; subclasses say what comes of choosing one."""

    KIND: type[Rows] = Choices
    """The list, which says in the footer what enter does."""

    AUTO_FOCUS = "Rows"
    BINDINGS = [Binding("q", "cancel", "", tooltip=_("close"), show=False, id="list.cancel")]

    rows = getters.query_one(Rows)

    def __init__(self, title: str, texts: Sequence[str]) -> None:
        super().__init__(title)
        self._texts = texts

    def compose_body(self) -> ComposeResult:
        yield self.KIND()

    def on_mount(self) -> None:
        self.rows.styles.height = min(len(self._texts), _MOST)
        self.rows.styles.margin = (0, 0, 1, 0)
        self.show()

    def show(self) -> None:
        """Draw the lines as they are now."""
        self.rows.show(Row(str(at), partial(_draw, text)) for at, text in enumerate(self.lines()))

    def lines(self) -> Sequence[str]:
        """What stands in each line."""
        return self._texts

    @property
    def place(self) -> int:
        """Where the cursor is."""
        return int(self.rows.cursor_key or 0)


class ChoiceDialog(ListDialog[int]):
    """Answers with the place of the text that was chosen."""

    @on(Rows.Chosen)
    def _choose(self) -> None:
        self.dismiss(self.place)


def _draw(text: str, width: int, here: bool) -> Lines:
    row = line(
        (f"{g.here if here else ' '} ", "$accent"),
        (one_line(text[:_BEGINNING].strip()), "bold $strong" if here else "$foreground"),
    )
    return [picked(row, width) if here else fit(row, width)]
