"""Tiny apps that show one widget, in the house themes."""

from collections.abc import Sequence
from pathlib import Path

from textual._context import visible_screen_stack
from textual.app import App, ComposeResult
from textual.widget import Widget

from tui.terminal.themes import DUSK, THEMES
from tui.terminal.typeahead import TypeAhead

STYLES = Path(__file__).parents[1] / "styles"


class Host(TypeAhead):
    """Shows the widgets it is given and remembers what they post."""

    CSS_PATH = sorted(STYLES.glob("*.tcss"))
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, *widgets: Widget) -> None:
        super().__init__()
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = DUSK.name
        self._widgets = widgets

    def compose(self) -> ComposeResult:
        yield from self._widgets


def rows(app: App[None]) -> list[str]:
    """What stands on the screen, line by line, without the spaces at its ends."""
    width, height = app.size
    # Whoever draws a dialog has to say what lies below it, or nothing does.
    visible_screen_stack.set(app._background_screens)
    strips = app.screen._compositor.render_strips()
    assert all(strip.cell_length == width for strip in strips)
    return [strip.text.rstrip() for strip in strips[:height]]


def shown(app: App[None]) -> str:
    """The screen as one text."""
    return "\n".join(rows(app))


def plain(lines: Sequence[object]) -> list[str]:
    """Lines of content without their colours."""
    return [str(line) for line in lines]
