"""Locks between programs: held by an open file, so that a crash lets go of them."""

import fcntl
import os
from pathlib import Path

from tui.store.files import make_folder


class Lock:
    """A lock that one program at a time can hold."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    @property
    def held(self) -> bool:
        """Whether this program holds it."""
        return self._descriptor is not None

    def take(self) -> bool:
        """Try to get it, without waiting.

        A folder that cannot be written to is not shared either: there it counts as held.
        """
        if self._descriptor is not None:
            return True
        try:
            make_folder(self._path.parent)
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError:
            return True
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        except OSError:  # a file system without locks: better unprotected than unusable
            os.close(descriptor)
            return True
        self._descriptor = descriptor
        return True

    def release(self) -> None:
        """Let go of it. The file stays: deleting it would let two programs hold two locks."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
