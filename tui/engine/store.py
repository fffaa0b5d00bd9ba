"""The model store: manifests and blobs in Ollama's own layout."""

import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Self

from tui.domain.manifests import BadManifest, Layer, Manifest, digest_of
from tui.domain.names import BadModelName, ModelName
from tui.engine import settings

_DEPTH = "*/*/*/*"
_LEFTOVER_SECONDS = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Entry:
    """A model in the store."""

    name: ModelName
    manifest: Manifest
    digest: str
    """sha256 of the manifest, 64 hex digits: two names with one digest are one model."""
    modified_at: datetime

    @classmethod
    def read(cls, name: ModelName, path: Path) -> Self:
        """Raises OSError and BadManifest."""
        raw = path.read_bytes()
        changed = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        return cls(name, Manifest.read(raw), hashlib.sha256(raw).hexdigest(), changed)


class Store:
    """Models in `manifests/<host>/<namespace>/<model>/<tag>`, files in `blobs/sha256-<hex>`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._manifests = folder / "manifests"
        self.blobs = folder / "blobs"

    def prepare(self) -> None:
        """Make the folders, for their owner only."""
        for folder in (self._manifests, self.blobs):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._tidy()

    def _tidy(self) -> None:
        """Remove what an engine that was killed left half written; a running one's is younger."""
        for draft in self.blobs.glob(".*"):
            with suppress(OSError):
                if time.time() - draft.stat().st_mtime > _LEFTOVER_SECONDS:
                    shutil.rmtree(draft) if draft.is_dir() else draft.unlink()

    def entries(self) -> list[Entry]:
        """Every readable model, the newest first."""
        found: list[Entry] = []
        for name, path in self._names():
            with suppress(OSError, BadManifest):
                found.append(Entry.read(name, path))
        return sorted(found, key=lambda entry: entry.modified_at, reverse=True)

    def find(self, name: ModelName) -> Entry | None:
        """A model by its name, in whatever case that is written. Raises BadManifest."""
        path = self.path(name)
        try:
            return Entry.read(name, path)
        except OSError:
            for kept, other in self._names():
                if kept.folded == name.folded:
                    return Entry.read(kept, other)
        return None

    def kept(self, name: ModelName) -> ModelName:
        """`name` in the spelling the store knows it by already."""
        return next((each for each, _path in self._names() if each.folded == name.folded), name)

    def is_damaged(self, name: ModelName) -> bool:
        """Whether there is a manifest that cannot be read."""
        try:
            self.find(name)
        except BadManifest:
            return True
        return False

    def save(self, name: ModelName, raw: bytes) -> bool:
        """Write a manifest, under the spelling there is; whether files went with the one before."""
        before = None if self.is_damaged(name) else self.find(name)
        path = self.path(self.kept(name))
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write(path, raw)
        return self._prune(before) if before else False

    def copy(self, entry: Entry, name: ModelName) -> None:
        """Give a model one more name; no bytes of it are copied."""
        self.save(name, self.path(entry.name).read_bytes())

    def delete(self, entry: Entry) -> None:
        """Forget a name, and every file that nothing else uses."""
        self.forget(entry.name)
        self._prune(entry)

    def forget(self, name: ModelName) -> None:
        """Remove a manifest, be it damaged, and none of its files."""
        path = self.path(self.kept(name))
        path.unlink()
        for folder in list(path.parents)[:3]:
            with suppress(OSError):
                folder.rmdir()

    def _prune(self, gone: Entry) -> bool:
        """Remove those of its files that no model uses. Whether there were any."""
        if not settings.prunes():
            return False
        used = {layer.digest for entry in self.entries() for layer in entry.manifest.files}
        unused = {layer.digest for layer in gone.manifest.files} - used
        for digest in unused:
            self.blob(digest).unlink(missing_ok=True)
        return bool(unused)

    def blob(self, digest: str) -> Path:
        """Where the file with this digest is, or would be."""
        return self.blobs / digest.replace(":", "-")

    def add(self, data: bytes, media_type: str) -> tuple[Layer, bool]:
        """Keep some bytes; the layer they make, and whether they are new here."""
        digest = digest_of(data)
        path = self.blob(digest)
        new = not path.exists()
        if new:
            _write(path, data)
        return Layer(media_type=media_type, digest=digest, size=len(data)), new

    def _names(self) -> Iterator[tuple[ModelName, Path]]:
        for path in self._manifests.glob(_DEPTH):
            host, namespace, model, tag = path.relative_to(self._manifests).parts
            with suppress(BadModelName):
                yield ModelName.parse(f"{host}/{namespace}/{model}:{tag}"), path

    def path(self, name: ModelName) -> Path:
        """Where the manifest of a model is, or would be."""
        return self._manifests / name.host / name.namespace / name.model / name.tag


def _write(path: Path, data: bytes) -> None:
    with drafted(path) as file:
        file.write(data)
        settle(file)


def settle(file: BinaryIO) -> None:
    """See to it that what was written is on the disk, which may take long."""
    file.flush()
    os.fsync(file.fileno())


@contextmanager
def drafted(path: Path) -> Iterator[BinaryIO]:
    """A file that takes its place only when all of it is settled; after a failure it never was."""
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=".")
    try:
        with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor, not a path
            yield file
        os.replace(draft, path)
    finally:
        Path(draft).unlink(missing_ok=True)
