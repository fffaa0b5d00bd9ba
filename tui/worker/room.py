"""How much room there is for a download, where the server is on this machine."""

import shutil
from collections.abc import Iterable
from pathlib import Path

from tui.domain.names import BadModelName, ModelName
from tui.domain.places import Places
from tui.domain.plans import too_large
from tui.domain.pulls import Layer
from tui.domain.status import EMBEDDED, HostStatus
from tui.store import model_folder

_BLOCK = 512


def no_room(status: HostStatus, places: Places, layers: Iterable[Layer]) -> str:
    """The warning that layers do not fit; empty where they do, or nobody can tell."""
    folder = places.models if status.name == EMBEDDED else _folder(status)
    if folder is None:
        return ""
    missing = [layer for layer in layers if layer.completed < layer.total]
    there = sum(min(_partly(folder, each.digest), each.total) for each in missing)
    try:
        return too_large(sum(layer.total for layer in missing) - there, _free(folder))
    except OSError:
        return ""


def _folder(status: HostStatus) -> Path | None:
    """Where a server keeps its models, if that can be seen from here."""
    known = model_folder.usual() if status.is_local else ()
    return next((folder for folder in known if _belongs(folder, status)), None)


def _belongs(folder: Path, status: HostStatus) -> bool:
    """Whether a server's models are in a folder: one behind a tunnel has them elsewhere."""
    try:
        if not status.models:
            return (folder / "blobs").is_dir()
        name = ModelName.parse(status.models[0].name)
        parts = name.host, name.namespace, name.model, name.tag
        return folder.joinpath("manifests", *parts).is_file()
    except (OSError, BadModelName):
        return False


def _free(folder: Path) -> int:
    """Bytes that can be written there. Raises OSError."""
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


def _partly(folder: Path, digest: str) -> int:
    """Bytes on disk of a layer whose download broke off."""
    partial = folder / "blobs" / f"{digest.replace(':', '-')}-partial"
    try:
        return partial.stat().st_blocks * _BLOCK
    except OSError:
        return 0
