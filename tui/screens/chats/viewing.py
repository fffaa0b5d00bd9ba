"""How conversations look, whichever is on top: kept until it is switched back."""

from typing import NamedTuple

from msgspec.structs import replace

from tui.domain.language import _
from tui.domain.view import ChatView
from tui.screens.chats.asking import Part


class _Switch(NamedTuple):
    """A part of the view, its new value, and what to say of it."""

    part: str
    on: bool
    said: str


SWITCHES = {
    "verbose": _Switch("verbose", True, _("Counts and times stand below every answer.")),
    "quiet": _Switch("verbose", False, _("Counts and times stand beside the model's name.")),
    "wordwrap": _Switch("wraps", True, _("Long lines of code wrap.")),
    "nowordwrap": _Switch(
        "wraps", False, _("Long lines of code run on: h and l move to the side while browsing.")
    ),
    "thoughts": _Switch("thoughts", True, _("What models think is shown; T folds it again.")),
    "nothoughts": _Switch("thoughts", False, _("What models think is folded; t unfolds one.")),
}
"""By the words that `/set` takes."""


class Viewing(Part):
    """A page that shows conversations as the user likes."""

    def show_view(self) -> None:
        """Draw as the view says."""
        self.pane.reading.transcript.view = self.desk.view

    def switch(self, word: str) -> None:
        """Change the view of all conversations."""
        part, on, said = SWITCHES[word]
        changed: ChatView = replace(self.desk.view, **{part: on})
        self.desk.view = changed
        self.show_view()
        self.notify(said, markup=False)

    def action_wrapping(self) -> None:
        """Let long lines of code wrap, or run on."""
        self.switch("nowordwrap" if self.desk.view.wraps else "wordwrap")

    def action_thoughts(self) -> None:
        """Unfold what models think, or fold it, in all conversations."""
        self.switch("nothoughts" if self.desk.view.thoughts else "thoughts")
