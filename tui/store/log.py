"""The log: rotating, without secrets and without message text."""

import contextlib
import logging
import logging.handlers

from tui.domain.places import Places
from tui.store.files import make_folder

_BYTES, _KEPT = 1_000_000, 3


def keep_log(places: Places) -> None:
    """Write warnings and errors to `state/log`; where that cannot be, the program runs without."""
    with contextlib.suppress(OSError):
        make_folder(places.log)
        handler = logging.handlers.RotatingFileHandler(
            places.log / "ollama-tui.log", maxBytes=_BYTES, backupCount=_KEPT, delay=True
        )
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        for name in ("tui", "asyncio"):  # else asyncio writes over the screen
            logging.getLogger(name).addHandler(handler)
