"""The mouse: the program's, or left to the terminal and its own way to select text."""

from typing import Any

from textual.app import App

_MODES = (1000, 1003, 1015, 1006)
_PIXELS = 1016


def toggle(app: App[Any]) -> bool:
    """Take the mouse, or give it back; the result says whether the program has it now.

    Textual decides on it at the start and has no public way to change that. Its driver must know,
    because it takes the mouse again after the terminal was lent to an editor.
    """
    driver = app._driver  # noqa: SLF001 - see above
    if driver is None:
        return False
    driver._mouse = taken = not driver._mouse  # noqa: SLF001 - see above
    modes = [*_MODES, *([_PIXELS] if getattr(driver, "_mouse_pixels", False) else [])]
    driver.write("".join(f"\x1b[?{mode}{'h' if taken else 'l'}" for mode in modes))
    driver.flush()
    return taken
