"""Where a Modelfile is written: as quiet as the prompt."""

from textual.binding import Binding
from textual.widgets import TextArea

from tui.domain.language import _


class ModelfileEditor(TextArea):
    """A text without a frame; its cursor does not blink."""

    BINDINGS = [
        Binding("ctrl+underscore", "undo", _("undo"), show=False, id="modelfile_editor.undo"),
    ]

    def __init__(self, text: str) -> None:
        super().__init__(text, soft_wrap=True, tab_behavior="focus")
        self.cursor_blink = False
        self.match_cursor_bracket = False
        self.highlight_cursor_line = False
