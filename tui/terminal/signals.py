"""SIGTERM and SIGHUP, for which Textual installs no handler: the program ends in good order."""

import asyncio
import signal
from collections.abc import Callable


def on_ending_signals(end: Callable[[], None]) -> None:
    """Call `end` when the program is asked to go, or its terminal has gone."""
    loop = asyncio.get_running_loop()
    for each in (signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(each, end)
