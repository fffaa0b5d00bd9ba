"""Whole files and appended lines, written by one thread: a slow home must not stop the screen."""

import contextlib
import os
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

_FRESH = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
_MORE = os.O_WRONLY | os.O_CREAT | os.O_APPEND
_RETRY = 2.0
"""Seconds after which what could not be written is tried again."""


def make_folder(folder: Path) -> None:
    """Make a folder that only its owner may enter."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that a crash leaves the old one or the new one, never half of it."""
    make_folder(path.parent)
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with os.fdopen(os.open(draft, _FRESH, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except OSError:
        with contextlib.suppress(OSError):
            draft.unlink()
        raise


def append(path: Path, data: bytes) -> None:
    """Add to the end of a file, all or nothing, and hand it to the operating system at once."""
    make_folder(path.parent)
    with os.fdopen(os.open(path, _MORE, 0o600), "ab", 0) as file:
        before = file.tell()
        try:
            while data:
                data = data[file.write(data) :]
        except OSError:
            file.truncate(before)
            raise


def set_aside(path: Path) -> Path:
    """Move a file that cannot be read out of the way; it is never overwritten."""
    aside = path.with_name(f"{path.name}.damaged-{datetime.now():%Y%m%d-%H%M%S}")
    while aside.exists():
        aside = aside.with_name(aside.name + "x")
    os.replace(path, aside)
    return aside


@dataclass(frozen=True, slots=True)
class _Work:
    """What is to be done to one path."""

    kind: Literal["write", "append", "remove", "move"]
    path: Path
    data: bytes = b""
    target: Path | None = None

    def do(self) -> None:
        if self.kind == "write":
            write_whole(self.path, self.data)
        elif self.kind == "append":
            append(self.path, self.data)
        elif self.kind == "move" and self.target is not None:
            make_folder(self.target.parent)
            os.replace(self.path, self.target)
        else:
            self.path.unlink(missing_ok=True)

    def after(self, owed: "_Work | None") -> "_Work":
        """This work with that put before it which is still owed to the same path."""
        if owed is None or self.kind != "append":
            return self
        return replace(owed, data=owed.data + self.data)


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
        self._troubled = False
        self._thread: threading.Thread | None = None

    def write(self, path: Path, data: bytes) -> None:
        """Write a whole file."""
        self._add(_Work("write", path, data))

    def append(self, path: Path, data: bytes) -> None:
        """Add to the end of a file."""
        self._add(_Work("append", path, data))

    def remove(self, path: Path) -> None:
        """Delete a file, if it is there."""
        self._add(_Work("remove", path))

    def move(self, path: Path, target: Path) -> None:
        """Move a file."""
        self._add(_Work("move", path, target=target))

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
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
            self._thread.start()
        self._queue.put(work)

    def _run(self) -> None:
        while True:
            try:
                work = self._queue.get(timeout=_RETRY if self._owed else None)
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
        for path in [*self._owed]:
            self._do(self._owed.pop(path))

    def _do(self, work: _Work) -> None:
        try:
            work.do()
        except FileNotFoundError:
            if work.kind in ("write", "append"):
                self._failed(work, FileNotFoundError(work.path))
        except OSError as error:
            self._failed(work, error)
        else:
            if self._troubled and not self._owed:
                self._troubled = False
                self._on_trouble(None)

    def _failed(self, work: _Work, error: OSError) -> None:
        self._owed[work.path] = work
        if not self._troubled:
            self._troubled = True
            self._on_trouble(error)
