"""Where the user writes: a few lines without a frame that grow with the text."""

from dataclasses import dataclass

from textual.binding import Binding
from textual.content import Content
from textual.events import Blur, Focus, Key, Resize
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets.text_area import Edit, EditResult

from tui.domain.language import _
from tui.domain.questions import quotes_open
from tui.terminal.escape import separate
from tui.widgets.glyphs import g
from tui.widgets.lines import NARROW, line
from tui.widgets.offering import OfferingArea

_HEAD = 3
"""Columns left of the text: air, the mark, air."""
BROWSE = "jkhlgGreicyYtTwuosmvzSP|/<>1234xM?q\r"
"""Keys of browse mode, besides arrows: ESC before them in one read is a key of its own.

Without f and d: ESC before those means a word to the right, and to delete one.
"""


def _bind(keys: str, action: str, words: str) -> Binding:
    name = action.replace("(True)", "_selecting")
    return Binding(keys, action, words, show=False, id=f"prompt.{name}")


class Prompt(OfferingArea, inherit_bindings=False):
    """Enter sends, ctrl-j breaks the line, esc leaves; readline's keys edit."""

    # No ctrl-c: it stops a reply, and only the screen knows whether one runs.
    BINDINGS = [
        _bind("left,ctrl+b", "cursor_left", _("character left")),
        _bind("right,ctrl+f", "cursor_right", _("character right")),
        _bind("ctrl+left,alt+b", "cursor_word_left", _("word left")),
        _bind("ctrl+right,alt+f", "cursor_word_right", _("word right")),
        _bind("home,ctrl+a", "cursor_line_start", _("start of the line")),
        _bind("end,ctrl+e", "cursor_line_end", _("end of the line")),
        _bind("shift+left", "cursor_left(True)", _("select left")),
        _bind("shift+right", "cursor_right(True)", _("select right")),
        _bind("shift+up", "cursor_up(True)", _("select up")),
        _bind("shift+down", "cursor_down(True)", _("select down")),
        _bind("shift+home", "cursor_line_start(True)", _("select to the start")),
        _bind("shift+end", "cursor_line_end(True)", _("select to the end")),
        _bind("backspace,ctrl+h", "delete_left", _("delete left")),
        _bind("delete,ctrl+d", "delete_right", _("delete right")),
        _bind("ctrl+w,alt+backspace", "delete_word_left", _("delete the word")),
        _bind("alt+d", "delete_word_right", _("delete the next word")),
        _bind("ctrl+u", "delete_to_start_of_line", _("delete to the start")),
        _bind("ctrl+k", "delete_to_end_of_line_or_delete_line", _("delete to the end")),
        _bind("ctrl+underscore", "undo", _("undo")),
        _bind("ctrl+y", "redo", _("redo")),
        _bind("ctrl+x", "cut", _("cut")),
        _bind("ctrl+v", "paste", _("paste")),
        Binding("tab", "complete", _("complete"), id="prompt.complete"),
    ]

    @dataclass
    class Submitted(Message):
        """The user sent `text`; the prompt is empty again."""

        prompt: "Prompt"
        text: str
        draft: str
        """The same, with marks around what was pasted and stood there as a few words."""

        @property
        def control(self) -> "Prompt":
            return self.prompt

    @dataclass
    class HistoryWanted(Message):
        """The user went up from the first line (-1) or down from the last (1)."""

        prompt: "Prompt"
        direction: int

        @property
        def control(self) -> "Prompt":
            return self.prompt

    def __init__(self, text: str = "", *, id: str | None = None) -> None:
        super().__init__(text, id=id)
        self.cursor_blink = False
        self.match_cursor_bracket = False
        self._is_command = False
        self.behind: Widget | None = None
        """What esc turns to. Without it esc goes up."""

    @property
    def gutter_width(self) -> int:
        return _HEAD

    def submit(self) -> None:
        """Send the text, unless there is none."""
        text = self.whole
        if text.strip():
            self.post_message(self.Submitted(self, text, self.draft))
            self.empty()  # now, not when the text is taken: letters may be waiting behind enter

    def edit(self, edit: Edit) -> EditResult:
        result = super().edit(edit)
        self.scroll_cursor_visible()  # again: a line that has just begun was not there before
        return result

    # --- keys ---

    def on_key(self, event: Key) -> None:
        if self.choose(event.key) or self._take(event):
            event.stop()
            event.prevent_default()

    def _take(self, event: Key) -> bool:
        match event.key:
            case "enter" | "ctrl+j":
                self._enter(breaks=event.key == "ctrl+j")
            case "escape" if self.behind:
                self.screen.set_focus(self.behind)
            case "tab" | "shift+tab":
                self.action_complete()
            case "up" | "down":
                self._go(event.key)
            case _:
                return False
        return True

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Tab is offered where a command is begun, for most who begin one look for its name."""
        return self._is_command if action == "complete" else True

    def on_text_area_changed(self) -> None:
        """The footer tells of tab."""
        if self._is_command != self.text.startswith("/"):
            self._is_command = not self._is_command
            self.refresh_bindings()

    def action_complete(self) -> None:
        """Offer what the word at the cursor could become."""
        if not self.unfold() and self.offers:
            self.offers.begin()  # no message: enter may be waiting behind tab

    def _enter(self, *, breaks: bool) -> None:
        """Send, or break the line: also within three quotes that are not closed yet."""
        if breaks or quotes_open(self.text):
            self.insert("\n")
        else:
            self.submit()

    def _go(self, key: str) -> None:
        at, up = self.cursor_location, key == "up"
        edge = self.navigator.is_first_wrapped_line if up else self.navigator.is_last_wrapped_line
        if edge(at):
            self.post_message(self.HistoryWanted(self, -1 if up else 1))
        elif up:
            self.action_cursor_up()
        else:
            self.action_cursor_down()

    # --- drawing ---

    def on_mount(self) -> None:
        separate(BROWSE)

    def on_focus(self, event: Focus) -> None:
        self._repaint()

    def on_blur(self, event: Blur) -> None:
        self._repaint()

    def on_resize(self, event: Resize) -> None:
        self.call_after_refresh(self._place_cursor)

    def _place_cursor(self) -> None:
        """The terminal's own cursor stands where text goes: input methods open there."""
        if self.has_focus:
            self.app.cursor_position = self.cursor_screen_offset

    def _repaint(self) -> None:
        self.notify_style_update()  # forgets the lines it keeps, which know nothing of the focus
        self.refresh()

    def render_line(self, y: int) -> Strip:
        style = "$accent" if self.has_focus else "$muted"
        first = y + self.scroll_offset.y == 0
        head = line((f" {g.here} ", style)) if first else line(" " * _HEAD)
        width = self.size.width
        if first and not self.text:
            hint = self._strip(line(head, self._hint()))
            return hint.adjust_cell_length(width, self.visual_style.rich_style)
        return Strip.join([self._strip(head), super().render_line(y).crop(0, width - _HEAD)])

    def _hint(self) -> Content:
        ask = _("Ask anything")
        if not self.has_focus:
            return line((ask, "$muted"))
        if self.size.width > NARROW:
            ask = f"{ask}   {_('enter sends, ^J new line, / commands')}"
        return line((" ", "reverse"), (ask, "$muted"))

    def _strip(self, content: Content) -> Strip:
        return Strip(content.render_segments(self.visual_style), content.cell_length)
