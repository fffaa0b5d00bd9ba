"""The log: rotating, without secrets and without message text."""

import contextlib
import logging
from functools import cached_property
from pathlib import Path

from tui.domain.places import Places
from tui.store.files import make_folder

_BYTES, _KEPT = 1_000_000, 3


class _Log(logging.Handler):
    """The file, with all that rotates it; most runs of the program write nothing."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path

    @cached_property
    def _file(self) -> logging.Handler:
        from logging.handlers import RotatingFileHandler

        file = RotatingFileHandler(self._path, maxBytes=_BYTES, backupCount=_KEPT)
        file.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        return file

    def close(self) -> None:
        if "_file" in vars(self):
            self._file.close()
        super().close()

    def emit(self, record: logging.LogRecord) -> None:
        with contextlib.suppress(OSError):
            self._file.emit(record)


def keep_log(places: Places) -> None:
    """Write warnings and errors to `state/log`; where that cannot be, the program runs without."""
    with contextlib.suppress(OSError):
        make_folder(places.log)
        handler = _Log(places.log / "ollama-tui.log")
        for name in ("tui", "asyncio"):  # else asyncio writes over the screen
            logging.getLogger(name).addHandler(handler)
