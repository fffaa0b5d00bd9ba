"""Files on their way from a registry; clients that want the same one share its download."""

import asyncio
from collections.abc import AsyncGenerator, Coroutine, Iterable
from contextlib import aclosing, suppress
from pathlib import Path
from typing import Any

from tui.api.registry import Registry
from tui.api.registry_errors import RegistryError
from tui.domain.manifests import Layer
from tui.domain.names import ModelName
from tui.engine.answers import Line
from tui.engine.errors import EngineError
from tui.engine.partial import Held, Part, Partial
from tui.engine.patience import Patience
from tui.engine.store import Store
from tui.engine.threads import finished

_TOLD_EVERY_SECONDS = 0.1
_AT_ONCE = 8
"""Parts of one file that are fetched side by side."""
_HELD_SECONDS = 0.5
_WRITTEN_AT_ONCE = 1 << 20


class Download:
    """One file, and how far it is."""

    def __init__(self, name: ModelName, layer: Layer, path: Path, *, insecure: bool) -> None:
        self.layer = layer
        self.verifying = False
        self.followers = 0
        self._partial: Partial | None = None
        self._waiting: dict[int, int] = {}
        """Bytes of each part that are here and not yet written."""
        self._name = name
        self._path = path
        self._insecure = insecure
        self.task = asyncio.create_task(self._run())

    @property
    def line(self) -> Line:
        """What is told of it now."""
        if self.verifying:
            return {"status": "verifying sha256 digest"}
        written = self._partial.completed if self._partial else 0
        return pulling(self.layer, written + sum(self._waiting.values()))

    async def _run(self) -> None:
        try:
            partial = self._partial = await self._held()
            try:
                if partial:
                    await self._fill(partial)
                    await self._check(partial)
            finally:
                if partial:
                    partial.close()
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise EngineError(f"write {self._path}: {reason}") from error

    async def _held(self) -> Partial | None:
        """The file to fill; None when another program has brought it meanwhile."""
        while not await asyncio.to_thread(self._path.exists):
            with suppress(Held):
                return Partial(self._path, self.layer.size)
            await asyncio.sleep(_HELD_SECONDS)
        return None

    async def _fill(self, partial: Partial) -> None:
        turns = asyncio.Semaphore(_AT_ONCE)
        async with Registry(insecure=self._insecure) as registry:

            async def fill(part: Part) -> None:
                async with turns:
                    await self._fill_part(registry, partial, part)

            await _together(fill(part) for part in partial.parts)

    async def _fill_part(self, registry: Registry, partial: Partial, part: Part) -> None:
        """Fetch the rest of a part, again and again while it gets on."""
        patience = Patience(self._name)
        while part.completed < part.size:
            before = part.completed
            try:
                await self._fetch(registry, partial, part)
                if part.completed == before:
                    raise EngineError("the registry sent an empty file")
            except RegistryError as error:
                await patience.after(error, got_on=part.completed > before)

    async def _fetch(self, registry: Registry, partial: Partial, part: Part) -> None:
        start, end = part.offset + part.completed, part.offset + part.size
        waiting = bytearray()
        try:
            async with aclosing(registry.blob(self._name, self.layer.digest, start, end)) as chunks:
                async for chunk in chunks:
                    waiting += chunk
                    self._waiting[part.n] = len(waiting)
                    if len(waiting) >= _WRITTEN_AT_ONCE:
                        data, waiting = bytes(waiting), bytearray()
                        await finished(partial.write, part, data)
        finally:
            self._waiting.pop(part.n, None)
            await finished(partial.write, part, bytes(waiting))
            await finished(partial.save)

    async def _check(self, partial: Partial) -> None:
        self.verifying = True
        found = await asyncio.to_thread(partial.digest)
        if found != self.layer.digest:
            partial.discard()
            raise EngineError(
                f"digest mismatch, file must be downloaded again: want {self.layer.digest}, "
                f"got {found}"
            )
        await finished(partial.finish)


async def _together(works: Iterable[Coroutine[Any, Any, None]]) -> None:
    """All of them, or none any more when one fails or this is cancelled."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)


class Downloads:
    """Every file on its way."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._running: dict[str, Download] = {}

    async def follow(
        self, name: ModelName, layer: Layer, *, insecure: bool
    ) -> AsyncGenerator[Line, None]:
        """Bring a file here, telling how far it is; it stops when its last follower leaves."""
        path = self._store.blob(layer.digest)
        if path.exists():
            yield pulling(layer, layer.size)
            return
        download = self._running.get(layer.digest)
        if download is None:
            download = Download(name, layer, path, insecure=insecure)
            self._running[layer.digest] = download
        download.followers += 1
        try:
            while not download.task.done():
                await asyncio.wait({download.task}, timeout=_TOLD_EVERY_SECONDS)
                if not download.task.done():
                    yield download.line
            if download.verifying and download.task.exception():
                yield pulling(layer, layer.size)
                yield download.line
            await download.task
            yield pulling(layer, layer.size)
        finally:
            await self._left(download)

    async def _left(self, download: Download) -> None:
        download.followers -= 1
        if download.followers:
            return
        self._running.pop(download.layer.digest, None)
        download.task.cancel()
        await asyncio.wait({download.task})


def pulling(layer: Layer, completed: int) -> Line:
    """How far a file is; `completed` is left out while it is 0, as Ollama does."""
    return moving("pulling", layer, completed)


def moving(what: str, layer: Layer, completed: int) -> Line:
    """How far a file is on its way here or from here."""
    line: Line = {
        "status": f"{what} {layer.digest.removeprefix('sha256:')[:12]}",
        "digest": layer.digest,
        "total": layer.size,
    }
    return line | ({"completed": completed} if completed else {})
