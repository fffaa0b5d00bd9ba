"""Locks between programs: held by an open file, so that a crash lets go of them."""

import contextlib
import fcntl
import os
from pathlib import Path

from tui.store.files import make_folder


class Lock:
    """A lock that one program at a time can hold."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None
        self.held = False
        """Whether this program holds it."""

    def take(self) -> bool:
        """Try to get it, without waiting.

        Where no file can be locked (a read-only folder, a file system without locks) it counts as
        held: better unprotected than unusable.
        """
        if self.held:
            return True
        try:
            make_folder(self._path.parent)
            while not self._taken():
                self.release()
        except BlockingIOError:
            self.release()
            return False
        except OSError:
            self.release()
        self.held = True
        return True

    def release(self) -> None:
        """Let go of it, and leave no file behind."""
        if self.held and self._descriptor is not None:
            with contextlib.suppress(OSError):
                self._path.unlink()
        self.held = False
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _taken(self) -> bool:
        """Whether the file locked is still the one of that name: its last holder may delete it."""
        self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        try:
            return os.path.samestat(os.fstat(self._descriptor), self._path.stat())
        except FileNotFoundError:
            return False
