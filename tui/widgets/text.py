"""A few lines of prose."""

from rich.cells import cell_len
from textual.geometry import Size
from textual.reactive import reactive

from tui.widgets.glyphs import g
from tui.widgets.lines import Lines, line
from tui.widgets.plain import visible
from tui.widgets.wrap import wrap
from tui.widgets.zone import Zone


class Text(Zone):
    """A text, as high as its lines; never read as markup."""

    text: reactive[str] = reactive("", layout=True)
    colour: reactive[str] = reactive("$foreground")

    def __init__(
        self,
        text: str = "",
        colour: str = "$foreground",
        *,
        id: str | None = None,
        classes: str = "",
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.set_reactive(Text.text, text)
        self.set_reactive(Text.colour, colour)

    def get_content_width(self, container: Size, viewport: Size) -> int:
        return max(map(cell_len, self.text.splitlines()), default=0)

    def draw(self, width: int, height: int) -> Lines:
        return wrap(line((visible(self.text), self.colour)), max(width, 1)) if self.text else []


class Rule(Zone):
    """A thin line from side to side."""

    def draw(self, width: int, height: int) -> Lines:
        return [line((g.rule * width, "$rule"))]
