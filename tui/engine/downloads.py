"""Files on their way from a registry; clients that want the same one share its download."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from pathlib import Path

from tui.api.registry import Registry, RegistryError, RegistryUnreachable
from tui.domain.manifests import Layer
from tui.domain.names import ModelName
from tui.engine.answers import Line
from tui.engine.errors import EngineError
from tui.engine.partial import Held, Part, Partial
from tui.engine.store import Store
from tui.engine.threads import finished

_log = logging.getLogger(__name__)

_TOLD_EVERY_SECONDS = 0.1
_RETRIES = 6
_HELD_SECONDS = 0.5
_WRITTEN_AT_ONCE = 1 << 20
_SERVER_FAULT = 500
_PASSING = (403, 408, 429)
"""Statuses that a second try may change: an address that expired, a server that was busy."""


class Unreached(EngineError):
    """The registry cannot be reached."""


def failure(prefix: str, error: RegistryError) -> EngineError:
    """A registry's error in Ollama's words."""
    kind = Unreached if isinstance(error, RegistryUnreachable) else EngineError
    return kind(f"{prefix}: {error.words}" if prefix else error.words)


class Download:
    """One file, and how far it is."""

    def __init__(self, name: ModelName, layer: Layer, path: Path, *, insecure: bool) -> None:
        self.layer = layer
        self.completed = 0
        self.verifying = False
        self.followers = 0
        self._name = name
        self._path = path
        self._insecure = insecure
        self.task = asyncio.create_task(self._run())

    @property
    def line(self) -> Line:
        """What is told of it now."""
        if self.verifying:
            return {"status": "verifying sha256 digest"}
        return pulling(self.layer, self.completed)

    async def _run(self) -> None:
        try:
            partial = await self._held()
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
        self.completed = partial.completed
        async with Registry(insecure=self._insecure) as registry:
            for part in partial.parts:
                await self._fill_part(registry, partial, part)

    async def _fill_part(self, registry: Registry, partial: Partial, part: Part) -> None:
        """Fetch the rest of a part, again and again while it gets on."""
        failures = 0
        while part.completed < part.size:
            before = part.completed
            try:
                await self._fetch(registry, partial, part)
                failures = 0
                if part.completed == before:
                    raise EngineError("the registry sent an empty file")
            except RegistryError as error:
                failures = 0 if part.completed > before else failures + 1
                if not _may_pass(error):
                    raise failure("", error) from error
                if failures > _RETRIES:
                    raise failure("max retries exceeded", error) from error
                pause = 2 ** max(failures - 1, 0)
                _log.info("%s: again in %d s (%s)", self._name.short, pause, error.words)
                await asyncio.sleep(pause)

    async def _fetch(self, registry: Registry, partial: Partial, part: Part) -> None:
        start, end = part.offset + part.completed, part.offset + part.size
        waiting = bytearray()
        try:
            async with aclosing(registry.blob(self._name, self.layer.digest, start, end)) as chunks:
                async for chunk in chunks:
                    waiting += chunk
                    self.completed = partial.completed + len(waiting)
                    if len(waiting) >= _WRITTEN_AT_ONCE:
                        data, waiting = bytes(waiting), bytearray()
                        await finished(partial.write, part, data)
        finally:
            partial.write(part, bytes(waiting))
            partial.save()

    async def _check(self, partial: Partial) -> None:
        self.verifying = True
        found = await asyncio.to_thread(partial.digest)
        if found != self.layer.digest:
            partial.discard()
            raise EngineError(
                f"digest mismatch, file must be downloaded again: want {self.layer.digest}, "
                f"got {found}"
            )
        partial.finish()


def _may_pass(error: RegistryError) -> bool:
    unreachable = isinstance(error, RegistryUnreachable)
    return unreachable or error.status >= _SERVER_FAULT or error.status in _PASSING


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
    line: Line = {
        "status": f"pulling {layer.digest.removeprefix('sha256:')[:12]}",
        "digest": layer.digest,
        "total": layer.size,
    }
    return line | ({"completed": completed} if completed else {})
