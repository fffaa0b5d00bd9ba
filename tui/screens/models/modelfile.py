"""A page that shows a Modelfile."""

from collections.abc import Callable

from textual import getters
from textual.app import ComposeResult
from textual.binding import Binding

from tui.domain.language import _
from tui.screens.page import Page
from tui.screens.signals import Signals
from tui.widgets.lines import Lines, indent, line
from tui.widgets.modelfile_lines import modelfile_lines
from tui.widgets.sheet import Sheet
from tui.widgets.tab_strip import Strip, Tab
from tui.widgets.wrap import wrap
from tui.worker.worker import Worker

_AIR = 2
Wish = Callable[[str], None]
"""Hears what the user wants done: edit or export."""


class ModelfileSheet(Sheet):
    """The text in colours, wrapped at the width."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def on_mount(self) -> None:
        self.redraw()

    def draw(self, width: int) -> Lines:
        room = max(width - 2 * _AIR, 1)
        rows = [part for row in modelfile_lines(self._text) for part in wrap(row, room) or [line()]]
        return [line(), *indent(rows, _AIR)]


class ModelfilePage(Page):
    """Shows what a model was made of."""

    AUTO_FOCUS = "ModelfileSheet"
    BINDINGS = [
        Binding("escape,q,m", "leave", _("back"), id="modelfile.leave"),
        Binding("e", "wish('edit')", _("edit"), id="modelfile.edit"),
        Binding("x", "wish('export')", _("into a file"), id="modelfile.export"),
    ]

    strip = getters.query_one(Strip)

    def __init__(self, worker: Worker, signals: Signals, name: str, text: str, wish: Wish) -> None:
        super().__init__(worker, signals)
        self.title = _("Models")
        self._name = name
        self._text = text
        self._wish = wish

    def compose_body(self) -> ComposeResult:
        yield Strip()
        yield ModelfileSheet(self._text)

    def on_mount(self) -> None:
        self.strip.tabs = (Tab("modelfile", _("Modelfile of {name}").format(name=self._name)),)
        self.strip.active = "modelfile"

    def action_leave(self) -> None:
        """Back to the models."""
        self.dismiss()

    def action_wish(self, what: str) -> None:
        """Leave, and have something done with it."""
        self.dismiss()
        self._wish(what)
