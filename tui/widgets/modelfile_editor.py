"""Where a Modelfile is written: as quiet as the prompt, and in colours."""

from itertools import islice

from rich.text import Text
from textual.binding import Binding
from textual.widgets import TextArea

from tui.domain.language import _
from tui.widgets.modelfile_lines import STYLES, pieces


class ModelfileEditor(TextArea):
    """A text without a frame; its cursor does not blink."""

    COMPONENT_CLASSES = {f"modelfile--{role}" for role in STYLES}
    BINDINGS = [
        Binding("ctrl+underscore", "undo", _("undo"), show=False, id="modelfile_editor.undo"),
    ]

    def __init__(self, text: str) -> None:
        super().__init__(text, soft_wrap=True, tab_behavior="focus")
        self.cursor_blink = False
        self.match_cursor_bracket = False
        self.highlight_cursor_line = False

    def get_line(self, line_index: int) -> Text:
        drawn = super().get_line(line_index)
        at = 0
        for text, role in next(islice(pieces(self.document.lines), line_index, None)):
            style = self.get_component_rich_style(f"modelfile--{role}", partial=True)
            drawn.stylize(style, at, at + len(text))
            at += len(text)
        return drawn
