"""A server's models folder, where it can be read from here: only looked at, never changed."""

import hashlib
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from tui.domain.disk import Disk
from tui.domain.manifests import BadManifest, Manifest
from tui.domain.names import BadModelName, ModelName
from tui.domain.places import home_path

_BLOCK = 512
"""Bytes that `st_blocks` counts in: partial downloads are files with holes."""


def usual() -> list[Path]:
    """Where Ollama keeps its models on this machine, the likeliest first."""
    own = os.environ.get("OLLAMA_MODELS", "").strip()
    places = [home_path(own)] if own else []
    service = Path("/usr/share/ollama/.ollama/models")
    return [*places, Path.home() / ".ollama" / "models", service]


def read(folder: Path) -> Disk | None:
    """What is in a models folder; None where there is none to read."""
    manifests, digests = dict[str, Manifest](), dict[str, str]()
    try:
        paths = [*(folder / "manifests").glob("*/*/*/*")]
        blobs = [*(folder / "blobs").iterdir()]
    except OSError:
        return None
    for path in paths:
        with suppress(OSError, BadManifest, BadModelName):
            raw = path.read_bytes()
            name = ModelName.parse(_text(path)).short
            manifests[name] = Manifest.read(raw)
            digests[name] = hashlib.sha256(raw).hexdigest()
    return Disk(str(folder), manifests, digests, _stray(blobs, manifests.values()))


def _text(path: Path) -> str:
    host, namespace, model, tag = path.parts[-4:]
    return f"{host}/{namespace}/{model}:{tag}"


def _stray(blobs: Iterable[Path], manifests: Iterable[Manifest]) -> int:
    needed = {layer.digest.replace(":", "-") for manifest in manifests for layer in manifest.files}
    found = 0
    for blob in blobs:
        if blob.name not in needed:
            with suppress(OSError):
                found += blob.stat().st_blocks * _BLOCK
    return found
