"""Letters that the terminal can show: where it is to have ASCII, everything drawn becomes that."""

import os
import sys
from collections.abc import Sequence

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.events import CursorPosition
from textual.filter import LineFilter

from tui.terminal.coloured import Coloured
from tui.terminal.kind import has_poor_font
from tui.terminal.line import Line
from tui.terminal.wire import write
from tui.widgets.glyphs import ASCII, UNICODE, g, use

_FRAMES = {
    **dict.fromkeys("╭╮╰╯┌┐└┘├┤┬┴┼┏┓┗┛", "+"),
    **dict.fromkeys("═▔▁", "="),
    **dict.fromkeys("║▎▊", "|"),
    **dict(zip("←→“”‘’—–×", "<>\"\"''--x", strict=True)),
}
_ASK = f"\x1b[2;1H{UNICODE.up}\x1b[6n"
"""A sign at the left edge, and the question where the cursor is then. No key says line 2."""
_CLEAR = "\x1b[2J\x1b[H"


class _Letters(LineFilter):
    """Signs of frames, gauges and marks in ASCII; what the output cannot carry as `?`."""

    def __init__(self, encoding: str) -> None:
        super().__init__(enabled=False)
        self._encoding = encoding
        own = zip(_signs(UNICODE), _signs(ASCII), strict=True)
        self._table = str.maketrans({**dict(own), **_FRAMES})

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        return [
            segment if segment.text.isascii() else Segment(self._plain(segment.text), segment.style)
            for segment in segments
        ]

    def _plain(self, text: str) -> str:
        text = text.translate(self._table)
        return "".join(letter if self._can_be_sent(letter) else _unknown(letter) for letter in text)

    def _can_be_sent(self, letter: str) -> bool:
        try:
            letter.encode(self._encoding)
        except UnicodeEncodeError:
            return False
        return True


def _signs(glyphs: object) -> list[str]:
    return [getattr(glyphs, name) for name in UNICODE.__struct_fields__]


def _unknown(letter: str) -> str:
    return "?" * cell_len(letter)


class Lettered(Coloured):
    """An app that draws in ASCII where the user wants it, or other signs would break the lines.

    Our signs have one cell, but some terminals draw them with two: those of East Asia, if they
    are set so. The terminal is asked once, before the first frame; its answer may come any time.
    """

    def __init__(self, line: Line | None = None) -> None:
        super().__init__(line)
        self._letters = _Letters(getattr(sys.__stderr__, "encoding", None) or "utf-8")
        self._asked = False

    def get_line_filters(self) -> Sequence[LineFilter]:
        filters = super().get_line_filters()
        return [*filters, self._letters] if g == ASCII else filters

    def ask_for_width(self) -> None:
        """Find out how wide our signs are here, unless none will be drawn."""
        self._asked = g != ASCII and not self.is_headless
        if self._asked:
            write(self, _ASK)

    def on_cursor_position(self, event: CursorPosition) -> None:
        if not self._asked or event.y != 1:
            return
        self._asked = False
        if event.x > 1:
            self.use_ascii()

    def on_unmount(self) -> None:
        if has_poor_font(os.environ):  # and no second screen: what was drawn would stay
            write(self, _CLEAR)

    def use_ascii(self) -> None:
        """Draw in ASCII from now on, also what is on the screen."""
        use(ASCII)
        for screen in self.screen_stack:
            for widget in screen.walk_children(with_self=True):
                widget.refresh()
