"""What all dialogs have in common: a frame with a title, and keys in its last line."""

from typing import TypeVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen

from tui.domain.language import _
from tui.paths import stylesheet
from tui.screens.hints import active_hints
from tui.terminal.paced import PacedScreen
from tui.widgets.key_bar import KeyBar
from tui.widgets.plain import one_line

Answer = TypeVar("Answer")


class Dialog(ModalScreen[Answer | None], PacedScreen[Answer | None]):
    """Asks something; escape answers with nothing."""

    CSS_PATH = [stylesheet("dialogs")]
    BINDINGS = [Binding("escape", "cancel", _("cancel"), id="dialog.cancel")]

    key_bar = getters.query_one(KeyBar)

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as box:
            box.border_title = Content(one_line(self._title))
            yield from self.compose_body()
            yield KeyBar(air=0)

    def compose_body(self) -> ComposeResult:
        """What stands between the title and the keys."""
        raise NotImplementedError  # every dialog asks something else

    def on_mount(self) -> None:
        self.bindings_updated_signal.subscribe(self, self._draw_keys)
        self._draw_keys()

    def action_cancel(self) -> None:
        """Leave without an answer."""
        self.dismiss(None)

    @on(KeyBar.Pressed)
    def _press(self, event: KeyBar.Pressed) -> None:
        event.stop()
        # In the name of the app: a key sent by the screen itself would not bubble up to it.
        self.app.call_later(self.app.simulate_key, event.key)

    def _draw_keys(self, _screen: object = None) -> None:
        self.key_bar.hints = active_hints(self)
