"""One line to type into, without a frame."""

from dataclasses import replace

from textual.binding import Binding, BindingType
from textual.events import Paste
from textual.widgets import Input


def _editing() -> list[BindingType]:
    """Textual's editing keys, each with an id; enter is left to whoever holds the line."""
    given = [each for each in Input.BINDINGS if isinstance(each, Binding) and each.key != "enter"]
    return [
        replace(each, id=f"line.{each.action.split('(')[0]}_{number}")
        for number, each in enumerate(given)
    ]


class LineInput(Input, inherit_bindings=False):
    """An input as quiet as a line of text; its cursor does not blink."""

    BINDINGS = _editing()

    def __init__(
        self,
        value: str = "",
        *,
        placeholder: str = "",
        id: str | None = None,
        secret: bool = False,
    ) -> None:
        super().__init__(
            value,
            placeholder=placeholder,
            id=id,
            password=secret,
            compact=True,
            select_on_focus=False,
        )
        self.cursor_blink = False

    def on_paste(self, event: Paste) -> None:
        """Take every line that is pasted: Textual's own input takes the first only."""
        event.prevent_default()
        event.stop()
        self.insert_text_at_cursor(" ".join(event.text.split()))
