"""Files that messages carry: each is kept once, whoever sends it how often."""

import hashlib
import re
from pathlib import Path

from tui.domain.places import Places
from tui.store.writer import Writer

_KEY = re.compile("[0-9a-f]{64}")


class AttachmentStore:
    """Keeps files by their sha256."""

    def __init__(self, places: Places, writer: Writer) -> None:
        self._folder = places.attachments
        self._writer = writer

    def keep(self, data: bytes) -> str:
        """Keep a file; its sha256."""
        key = hashlib.sha256(data).hexdigest()
        path = self._folder / key
        if not path.exists():
            self._writer.write(path, data)
        return key

    def load(self, key: str) -> bytes:
        """A file that was kept. Raises OSError."""
        if not _KEY.fullmatch(key):  # a session from elsewhere must not name files of ours
            raise FileNotFoundError(key)
        path: Path = self._folder / key
        return self._writer.coming(path) or path.read_bytes()
