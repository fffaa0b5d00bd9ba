"""What a Modelfile becomes: a request, and the files that the server needs first."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from tui.domain.language import _
from tui.domain.modelfile import Modelfile, fields
from tui.store.model_files import NoModelFiles, digest_of, files_of, local_path

Hashed = Callable[[str, int, int], None]
"""Hears a file's name, how many of its bytes are through, and how many it has."""


class Making(msgspec.Struct, frozen=True):
    """What the queue needs to create a model."""

    request: dict[str, Any]
    blobs: dict[str, str]
    """Paths on this machine, by digest."""


def trouble(modelfile: Modelfile, folder: Path) -> str:
    """Why a model cannot be made of the files that are named; empty if it can."""
    try:
        for paths in _named(modelfile, folder).values():
            for path in paths:
                files_of(path)
    except NoModelFiles as error:
        return str(error)
    return ""


async def prepare(modelfile: Modelfile, folder: Path, on_hashed: Hashed) -> Making:
    """Find and hash the files, which may take minutes. Raises NoModelFiles and OSError."""
    request, blobs = fields(modelfile), dict[str, str]()
    names = [text for text in modelfile.sources if local_path(text, folder) is None]
    if names:
        request["from"] = names[-1]
    for key, paths in _named(modelfile, folder).items():
        found: dict[str, str] = {}
        for path in paths:
            for name, file in (await asyncio.to_thread(files_of, path)).items():
                found[name] = await _hashed(name, file, on_hashed)
                blobs[found[name]] = str(file.absolute())
        if found:
            request[key] = found
    return Making(request, blobs)


async def _hashed(name: str, file: Path, on_hashed: Hashed) -> str:
    loop, left = asyncio.get_running_loop(), threading.Event()
    total = (await asyncio.to_thread(file.stat)).st_size

    def tell(count: int) -> None:
        if left.is_set():
            raise InterruptedError  # nobody waits any longer: the thread is to end, too
        loop.call_soon_threadsafe(on_hashed, name, count, total)

    try:
        return await asyncio.to_thread(digest_of, file, tell)
    except asyncio.CancelledError:
        left.set()
        raise


def _named(modelfile: Modelfile, folder: Path) -> dict[str, list[Path]]:
    """Paths of this machine, by the field of the request they belong to. Raises NoModelFiles."""
    sources = [path for text in modelfile.sources if (path := local_path(text, folder))]
    named = {"files": sources}
    for key, text in (("adapters", modelfile.adapter), ("draft_files", modelfile.draft)):
        path = local_path(text, folder) if text else None
        if text and path is None:
            raise NoModelFiles(_("There is no file or folder {path}.").format(path=folder / text))
        named[key] = [path] if path else []
    return named
