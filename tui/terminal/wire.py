"""Writing to the terminal beside Textual's frames."""

from typing import Any

from textual.app import App


def write(app: App[Any], sequence: str) -> None:
    """Send a control sequence with the next flush; nothing without a terminal.

    `App._driver` is private: Textual has no public way to write what is not part of a frame.
    """
    if app._driver is not None:  # noqa: SLF001 - see above
        app._driver.write(sequence)  # noqa: SLF001
        app._driver.flush()  # noqa: SLF001
