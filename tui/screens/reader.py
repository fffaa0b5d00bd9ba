"""A page of text to read: a licence, a template, a Modelfile."""

from textual import getters
from textual.app import ComposeResult
from textual.binding import Binding

from tui.domain.language import _
from tui.paths import stylesheet
from tui.screens.page import Page
from tui.screens.signals import Signals
from tui.widgets.lines import Lines, indent, line, muted
from tui.widgets.plain import visible
from tui.widgets.sheet import Sheet
from tui.widgets.tab_strip import Strip, Tab
from tui.widgets.wrap import wrap
from tui.worker.worker import Worker

_AIR = 2


class TextSheet(Sheet):
    """Text as it is, wrapped at the width."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def on_mount(self) -> None:
        self.redraw()

    def draw(self, width: int) -> Lines:
        text = visible(self._text.expandtabs(4)).rstrip("\n")
        if not text.strip():
            return [line(), *indent([muted(_("Nothing is set."))], _AIR)]
        rows = wrap(line(text), max(width - 2 * _AIR, 1))
        return [line(), *indent(rows, _AIR)]


class ReaderPage(Page):
    """Shows a text until the user has read it."""

    CSS_PATH = stylesheet("settings")
    AUTO_FOCUS = "TextSheet"
    BINDINGS = [Binding("escape,q", "leave", _("back"), id="reader.leave")]

    strip = getters.query_one(Strip)

    def __init__(self, worker: Worker, signals: Signals, title: str, text: str) -> None:
        super().__init__(worker, signals)
        self.title = _("Chats")
        self._heading = title
        self._text = text

    def compose_body(self) -> ComposeResult:
        yield Strip()
        yield TextSheet(self._text)

    def on_mount(self) -> None:
        self.strip.tabs = (Tab("text", self._heading),)
        self.strip.active = "text"

    def action_leave(self) -> None:
        """Back to where the user came from."""
        self.dismiss()
