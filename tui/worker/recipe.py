"""What a Modelfile makes of a server's request: its files are hashed, its names told apart."""

import asyncio
import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from tui.api.errors import OllamaError
from tui.domain.language import _
from tui.domain.modelfile import Modelfile, fields
from tui.domain.places import home_path
from tui.domain.pulls import Progress
from tui.store.model_files import NoModelFiles, digest_of, files_of, local_path

_LOOK = 0.25
"""Seconds between two tellings of how far the hashing is."""

Told = Callable[[Progress], None]


class Recipe(NamedTuple):
    """A model to be made."""

    request: dict[str, Any]
    """The body of `POST /api/create` without its name."""
    blobs: dict[str, str]
    """The files that the server needs first: their paths by their digests."""


async def recipe(modelfile: Modelfile, folder: Path, told: Told = lambda _progress: None) -> Recipe:
    """Find and hash what a Modelfile names; relative paths begin at `folder`.

    Raises OllamaError.
    """
    request, blobs = fields(modelfile), dict[str, str]()
    try:
        name, paths = await asyncio.to_thread(_sources, modelfile.sources, folder)
        if name:
            request["from"] = name
        for key, wanted in (
            ("files", paths),
            ("adapters", _named(modelfile.adapter, folder)),
            ("draft_files", _named(modelfile.draft, folder)),
        ):
            if wanted:
                files = await asyncio.to_thread(_all_files, wanted)
                request[key] = await _digests(files, blobs, told)
    except NoModelFiles as error:
        raise OllamaError(str(error)) from error
    except OSError as error:
        text = _("{path} cannot be read: {reason}").format(
            path=error.filename, reason=error.strerror
        )
        raise OllamaError(text) from error
    return Recipe(request, blobs)


def trouble(modelfile: Modelfile, folder: Path) -> str:
    """Why no model can be made of the files that are named; empty if one can. It reads folders."""
    try:
        _name, paths = _sources(modelfile.sources, folder)
        for text in (modelfile.adapter, modelfile.draft):
            paths += _named(text, folder)
        _all_files(paths)
    except (NoModelFiles, OSError) as error:
        return str(error)
    return ""


def _sources(sources: Iterable[str], folder: Path) -> tuple[str, list[Path]]:
    """The model's name, if one is named, and the paths."""
    name, paths = "", list[Path]()
    for source in sources:
        if path := local_path(source, folder):
            paths.append(path)
        else:
            name = source
    return name, paths


def _named(text: str, folder: Path) -> list[Path]:
    if not text:
        return []
    path = folder / home_path(text)
    if not path.exists():
        raise NoModelFiles(_("There is no file or folder {path}.").format(path=path))
    return [path]


def _all_files(paths: Iterable[Path]) -> dict[str, Path]:
    return {name: file for path in paths for name, file in files_of(path).items()}


async def _digests(files: Mapping[str, Path], blobs: dict[str, str], told: Told) -> dict[str, str]:
    """Each file's digest, hashed in a thread."""
    digests = {}
    for name, path in files.items():
        digest = digests[name] = await _digest(name, path, told)
        blobs[digest] = str(path)
    return digests


async def _digest(name: str, path: Path, told: Told) -> str:
    counts, left = [0], threading.Event()
    total = (await asyncio.to_thread(path.stat)).st_size
    status = _("hashing {name}").format(name=name)

    def count(read: int) -> None:
        if left.is_set():
            raise InterruptedError  # nobody waits any longer: the thread is to end, too
        counts.append(read)

    task = asyncio.create_task(asyncio.to_thread(digest_of, path, count))
    task.add_done_callback(lambda done: done.cancelled() or done.exception())
    try:
        while not task.done():
            await asyncio.wait([task], timeout=_LOOK)
            told(Progress(status=status, digest=str(path), total=total, completed=counts[-1]))
            del counts[:-1]
    finally:
        left.set()
    return await task
