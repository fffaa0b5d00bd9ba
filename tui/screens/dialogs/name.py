"""One line to be typed."""

from collections.abc import Callable
from typing import NamedTuple

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding

from tui.domain.language import _
from tui.screens.dialogs.dialog import Dialog
from tui.widgets.line_input import LineInput
from tui.widgets.text import Text


class Remark(NamedTuple):
    """What there is to say of a text before it is taken."""

    text: str
    refuses: bool = True
    """False for a hint: the text can be taken all the same."""


Judge = Callable[[str], Remark | None]


class NameDialog(Dialog[str]):
    """Asks for a name, and says what is wrong with one while it is typed."""

    SECRET = False
    """Whether what is typed is shown as dots."""

    AUTO_FOCUS = "LineInput"
    BINDINGS = [Binding("enter", "take", _("take"), id="name.take")]

    input = getters.query_one(LineInput)
    remark = getters.query_one("#remark", Text)

    def __init__(
        self,
        title: str,
        *,
        value: str = "",
        about: str = "",
        judge: Judge | None = None,
        optional: bool = False,
    ) -> None:
        """`optional` lets nothing be taken, too."""
        super().__init__(title)
        self._value = value
        self._about = about
        self._judge = judge
        self._optional = optional

    def compose_body(self) -> ComposeResult:
        yield LineInput(self._value, placeholder=self._about, secret=self.SECRET)
        yield Text(id="remark")

    @on(LineInput.Changed)
    def _say(self) -> None:
        """A refusal waits for enter: half a name is not wrong yet."""
        found = self._found()
        self._show(found if found and not found.refuses else None)

    def action_take(self) -> None:
        """Take what was typed."""
        found = self._found()
        if not self.input.value.strip() and not self._optional:
            self._show(Remark(_("Type a name, or esc leaves.")))
        elif found and found.refuses:
            self._show(found)
        else:
            self.dismiss(self.input.value.strip())

    def _found(self) -> Remark | None:
        text = self.input.value.strip()
        return self._judge(text) if self._judge and text else None

    def _show(self, remark: Remark | None) -> None:
        self.remark.colour = "$error" if remark and remark.refuses else "$warning"
        self.remark.text = remark.text if remark else ""


class SecretDialog(NameDialog):
    """Asks for what nobody may read over a shoulder."""

    SECRET = True
