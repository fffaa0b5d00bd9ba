"""A file on its way here, in the form Ollama keeps such files, so that either can go on."""

import contextlib
import fcntl
import hashlib
import os
import threading
import time
from pathlib import Path

import msgspec

_SAVED_EVERY_SECONDS = 0.5
_PARTS = 16
_SMALLEST_PART, _LARGEST_PART = 100_000_000, 1_000_000_000
_READ_AT_ONCE, _HASHED_AT_ONCE = 1 << 20, 64 << 20


class Part(msgspec.Struct, rename="pascal"):
    """A stretch of the file and how much of it is there, as written to disk."""

    n: int
    offset: int
    size: int
    completed: int = 0


class Held(Exception):
    """Another program is downloading this very file."""


class Partial:
    """`<blob>-partial` with its parts in `<blob>-partial-<n>`; held by one program at a time."""

    def __init__(self, blob: Path, size: int) -> None:
        self._blob = blob
        self._path = blob.with_name(blob.name + "-partial")
        self._saved = 0.0
        self._saving, self._hashing = threading.Lock(), threading.Lock()
        self._hash, self._hashed = hashlib.sha256(), 0
        self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(self._file)
            raise Held(str(self._path)) from error
        self.parts = self._found(size) or divided(size)

    def _found(self, size: int) -> list[Part]:
        """What an earlier download left; nothing when that does not add up."""
        parts: list[Part] = []
        for path in self._path.parent.glob(self._path.name + "-*"):
            with contextlib.suppress(OSError, msgspec.DecodeError, UnicodeDecodeError):
                parts.append(msgspec.json.decode(path.read_bytes(), type=Part))
        parts.sort(key=lambda part: part.offset)
        present = os.fstat(self._file).st_size
        whole = sum(part.size for part in parts) == size and all(
            0 <= part.completed <= part.size
            and (not part.completed or part.offset + part.completed <= present)
            for part in parts
        )
        if not whole:
            self._forget_parts()
        return parts if whole else []

    @property
    def completed(self) -> int:
        """Bytes that are there."""
        return sum(part.completed for part in self.parts)

    def write(self, part: Part, data: bytes) -> None:
        """Add to a part. Raises OSError when the disk is full."""
        data = data[: part.size - part.completed]
        at = part.offset + part.completed
        while data:
            written = os.pwrite(self._file, data, at)
            data, at = data[written:], at + written
            part.completed += written
        if time.monotonic() - self._saved > _SAVED_EVERY_SECONDS:
            self.save()
        if self._hashing.acquire(blocking=False):  # another part's thread is at it otherwise
            try:
                self._hash_on(_HASHED_AT_ONCE)
            finally:
                self._hashing.release()

    def save(self) -> None:
        """Write down how far it is; the bytes themselves were written before."""
        self._saved = time.monotonic()
        with self._saving:
            for part in self.parts:
                path = self._path.with_name(f"{self._path.name}-{part.n}")
                draft = path.with_name(f".{path.name}")
                draft.write_bytes(msgspec.json.encode(part))
                os.replace(draft, path)

    def _hash_on(self, most: int) -> None:
        """Hash on in what is there without a gap, so that little is left to do in the end."""
        end = min(self._whole, self._hashed + most)
        while self._hashed < end:
            data = os.pread(self._file, min(_READ_AT_ONCE, end - self._hashed), self._hashed)
            if not data:
                return
            self._hash.update(data)
            self._hashed += len(data)

    @property
    def _whole(self) -> int:
        """How far the file is there without a gap."""
        end = 0
        for part in self.parts:
            end = part.offset + part.completed
            if part.completed < part.size:
                break
        return end

    def close(self) -> None:
        """Let go, keeping what is there for another time."""
        if self._path.exists():
            with contextlib.suppress(OSError):
                self.save()
        os.close(self._file)

    def digest(self) -> str:
        """The sha256 of all of it."""
        with self._hashing:
            self._hash_on(self._whole)
            return f"sha256:{self._hash.hexdigest()}"

    def finish(self) -> None:
        """Make it the blob."""
        os.fsync(self._file)
        os.replace(self._path, self._blob)
        self._forget_parts()

    def discard(self) -> None:
        """Remove it and all that is known of it."""
        self._path.unlink(missing_ok=True)
        self._forget_parts()

    def _forget_parts(self) -> None:
        for path in self._path.parent.glob(self._path.name + "-*"):
            path.unlink(missing_ok=True)


def divided(size: int) -> list[Part]:
    """A file in the parts that Ollama would fetch it in."""
    step = min(max(size // _PARTS, _SMALLEST_PART), _LARGEST_PART)
    starts = range(0, size, step) or range(1)
    return [Part(n, at, min(step, size - at)) for n, at in enumerate(starts)]
