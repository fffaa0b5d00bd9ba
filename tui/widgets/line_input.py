"""One line to type into, without a frame."""

from textual.widgets import Input


class LineInput(Input):
    """An input as quiet as a line of text; its cursor does not blink."""

    def __init__(self, value: str = "", *, placeholder: str = "", id: str | None = None) -> None:
        super().__init__(value, placeholder=placeholder, id=id, compact=True, select_on_focus=False)
        self.cursor_blink = False
