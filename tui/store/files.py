"""Files as we leave them: whole or not at all, and for nobody but their owner."""

import contextlib
import os
from datetime import datetime
from pathlib import Path

import msgspec

from tui.domain.language import _
from tui.domain.unicode import writable

_FRESH = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
_MORE = os.O_WRONLY | os.O_CREAT | os.O_APPEND


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it, that only their owner may enter."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def as_json(value: object) -> bytes:
    """JSON of anything: what cannot be written as UTF-8 must not keep all else from being saved."""
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:
        import json

        text = json.dumps(msgspec.to_builtins(value), ensure_ascii=False)
        return text.encode(errors="replace")


def write_whole(path: Path, data: bytes, *, lasting: bool = True) -> None:
    """Write a file so that a crash leaves the old one or the new one, never half of it.

    A power cut may take one that is not `lasting`, such as a cache.
    """
    make_folder(path.parent)
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with os.fdopen(os.open(draft, _FRESH, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            if lasting:
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


def files_in(folder: Path, suffix: str) -> list[Path]:
    """The files of a kind, by name, without hidden ones; none where the folder cannot be read."""
    try:
        with os.scandir(folder) as entries:
            names = [each.name for each in entries if each.name.endswith(suffix)]
    except OSError:
        return []
    ours = [each for each in names if writable(each) == each and each[0] != "."]
    return [folder / each for each in sorted(ours, key=lambda name: name.removesuffix(suffix))]


def set_aside(path: Path, why: object) -> str:
    """Move a file that cannot be read out of the way; the sentence says so to the user."""
    kept = path.with_name(f"{path.name}.damaged-{datetime.now():%Y%m%d-%H%M%S}")
    while kept.exists():
        kept = kept.with_name(kept.name + "x")
    try:
        os.replace(path, kept)
    except OSError:
        kept = path  # a folder that cannot be written to: it stays, and nothing will overwrite it
    text = _("The file {name} cannot be read ({why}). It is kept as {kept}.")
    return text.format(name=path.name, why=why, kept=kept)
