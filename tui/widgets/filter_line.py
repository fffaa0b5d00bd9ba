"""A line that finds names by some of their letters."""

from textual import getters
from textual.app import ComposeResult
from textual.containers import Horizontal

from tui.widgets.line_input import LineInput
from tui.widgets.text import Text


class FilterLine(Horizontal):
    """A slash, what is typed, and at the right end how much of it was found."""

    input = getters.query_one(LineInput)
    count = getters.query_one(".count", Text)

    def __init__(self, placeholder: str) -> None:
        super().__init__()
        self._placeholder = placeholder

    def compose(self) -> ComposeResult:
        yield Text("/ ", "$accent")
        yield LineInput(placeholder=self._placeholder)
        yield Text("", "$muted", classes="count")
