"""Colours that the terminal has, and that the user wants."""

import os
from collections.abc import Mapping, Sequence

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from tui.terminal.kind import NONE, colours
from tui.terminal.line import Line
from tui.terminal.paced import PacedApp
from tui.terminal.themes import DUSK, THEMES, chosen, derived

_CONTROLS = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)])


class _Bare(LineFilter):
    """Leaves out what the terminal does by itself: its own colours, or any where none are wanted.

    Textual's own filter for NO_COLOR writes out both default colours with every piece of text.
    """

    def __init__(self, *, colourless: bool) -> None:
        super().__init__()
        self._colourless = colourless
        self._known: dict[Style, Style | None] = {}

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        return [Segment(text, self._bare(style), None) for text, style, _control in segments]

    def _bare(self, style: Style | None) -> Style | None:
        if style is None:
            return None
        if style not in self._known:
            self._known[style] = self._without(style) or None
        return self._known[style]

    def _without(self, style: Style) -> Style:
        plain = style.without_color
        if self._colourless:
            return plain
        front, back = (
            None if each is None or each.is_default else each
            for each in (style.color, style.bgcolor)
        )
        return plain + Style.from_color(front, back)


class _Harmless(LineFilter):
    """Takes out what would steer the terminal: names and errors of servers, text that was pasted.

    Screens show such signs where it matters; they take no room, so that all stays in its place.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        return [
            segment
            if segment.text.isprintable()
            else Segment(segment.text.translate(_CONTROLS), segment.style)
            for segment in segments
        ]


class Coloured(PacedApp):
    """An app in the house themes, in 16 colours, or in none."""

    def __init__(self, line: Line | None = None) -> None:
        self._environment: Mapping[str, str] = {**os.environ}
        colourless = colours(self._environment) == NONE
        super().__init__(line, ansi_color=True if colourless else None)
        self._bare = _Bare(colourless=colourless)
        self._harmless = _Harmless()
        for theme in THEMES:
            self.register_theme(theme)

    def take_theme(self, asked: str) -> bool:
        """Use the theme of a name, or what `auto` means here; False where there is none."""
        name = chosen(asked, self._environment)
        self.theme = name if name in self.available_themes else DUSK.name
        return name in self.available_themes

    def get_theme_variable_defaults(self) -> dict[str, str]:
        theme = self.current_theme
        return {} if theme in THEMES else derived(theme)

    def get_line_filters(self) -> Sequence[LineFilter]:
        colours = [self._bare] if self.native_ansi_color else super().get_line_filters()
        return [*colours, self._harmless]

    def refresh_css(self, animate: bool = True) -> None:
        # The theme is chosen before there is a screen: every style would be parsed twice.
        if self.screen_stack:
            super().refresh_css(animate)
        else:
            self.stylesheet.set_variables(self.get_css_variables())
