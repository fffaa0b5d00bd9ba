"""The one thread that writes: a slow home must not stop the screen."""

import os
import queue
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import msgspec

from tui.store.files import append, make_folder, write_whole

_RETRY = 2.0
"""Seconds after which what could not be written is tried again."""


class _Work(msgspec.Struct, frozen=True):
    """What is to be done to one path."""

    kind: Literal["write", "append", "remove", "move"]
    path: Path
    data: bytes = b""
    target: Path | None = None
    needs: Path | None = None
    """What must be on disk before."""

    def do(self) -> None:
        if self.kind == "write":
            write_whole(self.path, self.data)
        elif self.kind == "append":
            append(self.path, self.data)
        elif self.kind == "move" and self.target is not None:
            self._move(self.target)
        else:
            self.path.unlink(missing_ok=True)

    def _move(self, target: Path) -> None:
        if self.data:
            write_whole(target, self.data)
            self.path.unlink(missing_ok=True)
        elif self.path.exists():
            make_folder(target.parent)
            os.replace(self.path, target)
            os.utime(target)  # how long it has been in the trash is counted from now

    def after(self, owed: "_Work | None") -> "_Work":
        """This work together with that which is still owed to the same path."""
        if owed is None:
            return self
        match owed.kind, self.kind:
            case "append", "append":
                return msgspec.structs.replace(self, data=owed.data + self.data)
            case (("write" | "remove"), "append"):
                data = owed.data + self.data
                return msgspec.structs.replace(self, kind="write", data=data, needs=owed.needs)
            case "write", "move":
                return msgspec.structs.replace(self, data=owed.data)
            case _:
                return self


class Writer:
    """The thread that writes. Work on one path is done in the order it came.

    What fails (a full disk, a read-only folder) is owed: it stays in memory, `on_trouble` is told
    once, and it is tried again every two seconds until it is written.
    """

    def __init__(self, on_trouble: Callable[[OSError | None], None] = lambda _error: None) -> None:
        self._on_trouble = on_trouble
        """Called in the writer's thread: with the error when trouble begins, None when it ends."""
        self._queue: queue.SimpleQueue[_Work | threading.Event | None] = queue.SimpleQueue()
        self._owed: dict[Path, _Work] = {}
        self._coming: dict[Path, bytes] = {}
        self._guard = threading.Lock()
        self._troubled = False
        self._retry_at = 0.0
        self._thread: threading.Thread | None = None

    def write(self, path: Path, data: bytes) -> None:
        """Write a whole file."""
        with self._guard:
            self._coming[path] = data
        self._add(_Work("write", path, data))

    def append(self, path: Path, data: bytes) -> None:
        """Add to the end of a file."""
        self._add(_Work("append", path, data))

    def remove(self, path: Path, needs: Path | None = None) -> None:
        """Delete a file, if it is there; not before what it `needs` is on disk."""
        self._add(_Work("remove", path, needs=needs))

    def move(self, path: Path, target: Path) -> None:
        """Move a file, if it is there."""
        with self._guard:
            self._coming.pop(path, None)
        self._add(_Work("move", path, target=target))

    def coming(self, path: Path) -> bytes | None:
        """What a whole file will be, as long as that is not on disk: whoever reads must ask."""
        return self._coming.get(path)

    def flush(self, timeout: float | None = None) -> bool:
        """Wait until all asked for so far was tried; False on a time-out or if some is owed."""
        if self._thread is None:
            return True
        done = threading.Event()
        self._queue.put(done)
        return done.wait(timeout) and not self._owed

    def close(self, timeout: float = 0.5) -> bool:
        """Write what is left and end; False if something could not be written in time."""
        if self._thread is None:
            return True
        self._queue.put(None)
        self._thread.join(timeout)
        return not self._thread.is_alive() and not self._owed

    def _add(self, work: _Work) -> None:
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
            self._thread.start()
        self._queue.put(work)

    def _run(self) -> None:
        while True:
            left = max(self._retry_at - time.monotonic(), 0.0) if self._owed else None
            try:
                work = self._queue.get(timeout=left)
            except queue.Empty:
                self._retry()
                continue
            if work is None:
                return self._retry()
            if isinstance(work, threading.Event):
                work.set()
            else:
                self._do(work.after(self._owed.pop(work.path, None)))

    def _retry(self) -> None:
        self._retry_at = time.monotonic() + _RETRY
        for path in [*self._owed]:
            self._do(self._owed.pop(path))

    def _do(self, work: _Work) -> None:
        if work.needs in self._owed:
            self._owed[work.path] = work
            return
        try:
            work.do()
        except OSError as error:
            self._owed[work.path] = work
            self._troubles(OSError(error.errno, error.strerror or str(error), str(work.path)))
            return
        with self._guard:
            if self._coming.get(work.path) is work.data:
                del self._coming[work.path]
        if self._troubled and not self._owed:
            self._troubled = False
            self._on_trouble(None)

    def _troubles(self, error: OSError) -> None:
        if not self._troubled:
            self._troubled = True
            self._retry_at = time.monotonic() + _RETRY
            self._on_trouble(error)
