"""The size of the terminal as it is now.

Textual asks for it where a signal interrupts it, and may be interrupted there by the next signal:
then it hears of the later size first, and goes on with the earlier one. And where a size is the old
one again before anything was laid out, it paints nothing: but the terminal has moved its rows.
"""

import shutil
from typing import Any

from textual.app import App
from textual.events import Resize
from textual.geometry import Size

_SETTLED = 0.1
"""Seconds after which Textual has laid out what it gathers of sizes that follow one another."""


def correct(app: App[Any], event: Resize) -> None:
    """Have the app hear of its size again if it was told another, or paint if it has it already."""
    # Terminals that tell their size in band are ahead of what the system knows of it.
    if app.is_headless or app.supports_smooth_scrolling:
        return
    now = Size(*shutil.get_terminal_size())
    if now != event.size:
        app.post_message(Resize(now, now))
    elif now == app.screen.outer_size:
        app.set_timer(_SETTLED, app.screen.refresh)
