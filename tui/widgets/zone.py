"""A zone of a screen that is drawn as lines."""

from textual.content import Content
from textual.widget import Widget

from tui.widgets.lines import Lines, fit


class Zone(Widget):
    """Given its size it returns its lines: subclasses say which in `draw`."""

    ALLOW_SELECT = False

    def draw(self, width: int, height: int) -> Lines:
        """The lines of this zone; those that are missing stay empty."""
        raise NotImplementedError  # every zone draws itself

    def render(self) -> Content:
        width, height = self.size
        rows = self.draw(width, height)[:height] if width and height else []
        return Content("\n").join(fit(row, width) for row in rows)

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        return len(self.draw(width, 0))
