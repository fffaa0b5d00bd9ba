"""A zone of a screen that is drawn as lines."""

from textual.content import Content
from textual.geometry import Region
from textual.widget import Widget

from tui.widgets.differences import changes
from tui.widgets.lines import Lines, fit


class Zone(Widget):
    """Given its size it returns its lines: subclasses say which in `draw`."""

    ALLOW_SELECT = False

    def draw(self, width: int, height: int) -> Lines:
        """The lines of this zone; those that are missing stay empty."""
        raise NotImplementedError  # every zone draws itself

    _shown: Lines = []

    def redraw(self) -> None:
        """Paint what is not as it was; for reactives that are to cost no more than they change."""
        before, now = self._shown, self._rows()
        for y, (old, new) in enumerate(zip(before, now, strict=False)):
            for start, end in changes(old, new, self.size.width):
                self.refresh(Region(start, y, end - start, 1))
        if len(before) != len(now):
            self.refresh()

    def render(self) -> Content:
        self._shown = self._rows()
        return Content("\n").join(self._shown)

    def _rows(self) -> Lines:
        width, height = self.size
        rows = self.draw(width, height)[:height] if width and height else []
        return [fit(row, width) for row in rows]

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        return len(self.draw(width, 0))
