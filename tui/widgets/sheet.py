"""Lines to read: a page of text that scrolls, without a cursor."""

from textual.binding import Binding
from textual.content import Content
from textual.events import Resize
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

from tui.domain.language import _
from tui.widgets.lines import Lines, dots, fit, line


class Sheet(ScrollView, can_focus=True):
    """Scrolls what a subclass draws. Only lines that differ are painted again."""

    BINDINGS = [
        Binding("j,down", "scroll(1)", _("line down"), show=False, id="sheet.down"),
        Binding("k,up", "scroll(-1)", _("line up"), show=False, id="sheet.up"),
        Binding("pagedown", "turn(1)", _("page down"), show=False, id="sheet.page_down"),
        Binding("pageup", "turn(-1)", _("page up"), show=False, id="sheet.page_up"),
        Binding("g,home", "ends(-1)", _("beginning"), show=False, id="sheet.first"),
        Binding("G,end", "ends(1)", _("end"), show=False, id="sheet.last"),
    ]

    def __init__(self, *, id: str | None = None, classes: str = "") -> None:
        super().__init__(id=id, classes=classes)
        self._lines: Lines = []

    def draw(self, width: int) -> Lines:
        """All lines at this width."""
        raise NotImplementedError  # every sheet has something of its own to say

    def redraw(self) -> None:
        """Draw again; the place that was read stays."""
        if not self.size.width:
            return
        before, self._lines = self._lines, self.draw(self.size.width)
        self.virtual_size = Size(self.size.width, len(self._lines))
        offset = self.scroll_offset.y
        for number in range(offset, offset + self.size.height):
            if _differ(_at(before, number), _at(self._lines, number)):
                self.refresh_line(number)

    def to_top(self) -> None:
        """Go back to the beginning."""
        self.scroll_to(y=0, animate=False)

    def action_scroll(self, by: int) -> None:
        """Go on by a line."""
        self.scroll_to(y=self.scroll_offset.y + by, animate=False)

    def action_turn(self, by: int) -> None:
        """Go on by what is in sight."""
        self.action_scroll(by * max(self.size.height - 1, 1))

    def action_ends(self, where: int) -> None:
        """Go to the beginning or the end."""
        self.scroll_to(y=0 if where < 0 else self.max_scroll_y, animate=False)

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def on_resize(self, event: Resize) -> None:
        self.redraw()
        self.refresh()

    def render_line(self, y: int) -> Strip:
        width, number = self.size.width, y + self.scroll_offset.y
        if self.has_focus and y == self.size.height - 1 and number + 1 < len(self._lines):
            shown = fit(line((dots(_("more below"), "j k "), "$accent")), width, "right")
        else:
            shown = fit(_at(self._lines, number), width)
        strips = Visual.to_strips(self, shown, width, 1, self.visual_style, pad=True)
        return strips[0] if strips else Strip.blank(width, self.rich_style)


def _at(lines: Lines, number: int) -> Content:
    return lines[number] if 0 <= number < len(lines) else line()


def _differ(old: Content, new: Content) -> bool:
    return old.plain != new.plain or old.spans != new.spans
