"""Several models, of which as many are chosen as the user likes."""

from collections.abc import Sequence

from textual import on
from textual.binding import Binding

from tui.domain.language import _
from tui.screens.dialogs.choice import ListDialog
from tui.widgets.glyphs import g
from tui.widgets.rows import Rows


class _Models(Rows):
    """Those that can be asked."""

    BINDINGS = [Binding("enter", "choose", _("ask"), id="models.choose")]


class ModelsDialog(ListDialog[list[str]]):
    """Answers with the models marked, or the one under the cursor."""

    KIND = _Models
    BINDINGS = [Binding("space", "mark", _("mark"), id="models.mark")]

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(_("Who else is to answer?"), names)
        self._marked: list[str] = []

    def lines(self) -> list[str]:
        return [f"{g.done if name in self._marked else g.queued} {name}" for name in self._texts]

    def action_mark(self) -> None:
        """Mark the model under the cursor, or let go of it, and go on to the next."""
        name = self._texts[self.place]
        if name in self._marked:
            self._marked.remove(name)
        else:
            self._marked.append(name)
        self.show()
        self.rows.action_step(1)

    @on(Rows.Chosen)
    def _take(self) -> None:
        """What is marked, in the order in which it was."""
        self.dismiss(self._marked or [self._texts[self.place]])
