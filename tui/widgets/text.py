"""A few lines of prose."""

from textual.reactive import reactive

from tui.widgets.lines import Lines, line
from tui.widgets.plain import visible
from tui.widgets.wrap import wrap
from tui.widgets.zone import Zone


class Text(Zone):
    """A text, as high as its lines; never read as markup."""

    text: reactive[str] = reactive("", layout=True)
    colour: reactive[str] = reactive("$foreground")

    def __init__(
        self, text: str = "", colour: str = "$foreground", *, id: str | None = None
    ) -> None:
        super().__init__(id=id)
        self.set_reactive(Text.text, text)
        self.set_reactive(Text.colour, colour)

    def draw(self, width: int, height: int) -> Lines:
        return wrap(line((visible(self.text), self.colour)), max(width, 1)) if self.text else []
