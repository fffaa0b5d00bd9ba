"""Several lines to be typed."""

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content

from tui.domain.language import _
from tui.paths import stylesheet
from tui.screens.dialogs.dialog import Dialog
from tui.widgets.lines import line
from tui.widgets.prompt import Prompt


class TextBox(Prompt):
    """A text of any length; nothing is asked, so nothing invites to ask."""

    def _hint(self) -> Content:
        return line((" ", "reverse"))


class TextDialog(Dialog[str]):
    """Asks for a text; enter takes it, as it sends a message."""

    CSS_PATH = [stylesheet("dialogs"), stylesheet("settings")]
    AUTO_FOCUS = "TextBox"
    BINDINGS = [
        Binding("enter", "take", _("take"), id="text.take"),
        Binding("ctrl+j", "break", _("new line"), id="text.break"),
        Binding("ctrl+g", "editor", _("editor"), id="text.editor"),
    ]

    box = getters.query_one(TextBox)

    def __init__(self, title: str, text: str = "") -> None:
        super().__init__(title)
        self._text = text

    def compose_body(self) -> ComposeResult:
        yield TextBox(self._text)

    def on_mount(self) -> None:
        self.box.move_cursor(self.box.document.end)

    @on(Prompt.Submitted)
    def _take(self, event: Prompt.Submitted) -> None:
        event.stop()
        self.dismiss(event.text.strip())

    def action_take(self) -> None:
        """Take what was typed."""
        self.box.submit()

    def action_break(self) -> None:
        """Go on in a new line."""
        self.box.insert("\n")

    @work(group="editor", exclusive=True)
    async def action_editor(self) -> None:
        """Write it in the user's own editor."""
        from tui.terminal.editor import NoEditor, edited

        try:
            self.box.load_text(await edited(self.app, self.box.whole))
        except NoEditor as error:
            self.notify(str(error), severity="error", markup=False)
