"""Files on their way to a registry."""

import asyncio
import hashlib
import os
from collections.abc import AsyncGenerator, AsyncIterator
from pathlib import Path

import httpx

from tui.api.registry import Registry
from tui.api.registry_errors import RegistryError
from tui.domain.manifests import Layer
from tui.domain.names import ModelName
from tui.engine.answers import Line
from tui.engine.downloads import moving
from tui.engine.errors import EngineError
from tui.engine.partial import divided
from tui.engine.patience import Patience, failure
from tui.engine.threads import finished

_TOLD_EVERY_SECONDS = 0.1
_READ_AT_ONCE = 1 << 20


class Upload:
    """One file, and how much of it the registry has."""

    def __init__(self, registry: Registry, name: ModelName, layer: Layer, path: Path) -> None:
        self._registry = registry
        self._name = name
        self._layer = layer
        self._path = path
        self._completed = 0
        self._hashes: list[bytes] = []
        """MD5 of every part, which registries keep as the file's mark."""

    async def lines(self) -> AsyncGenerator[Line, None]:
        """Bring it there, telling how far it is. Raises EngineError."""
        task = asyncio.create_task(self._run())
        try:
            while not task.done():
                await asyncio.wait({task}, timeout=_TOLD_EVERY_SECONDS)
                if self._completed and not task.done():
                    yield moving("pushing", self._layer, self._completed)
            await task
        finally:
            task.cancel()
            await asyncio.wait({task})
        yield moving("pushing", self._layer, self._layer.size)

    async def _run(self) -> None:
        try:
            if not await self._registry.has(self._name, self._layer.digest):
                await self._bring()
        except RegistryError as error:
            raise failure("", error) from error
        except OSError as error:
            raise EngineError(str(error)) from error

    async def _bring(self) -> None:
        where = await self._registry.begin(self._name, self._layer)
        if where is None:
            return
        for part in divided(self._layer.size):
            where = await self._brought(where, part.offset, part.offset + part.size)
        mark = hashlib.md5(b"".join(self._hashes), usedforsecurity=False).hexdigest()
        params = {"digest": self._layer.digest, "etag": f"{mark}-{len(self._hashes)}"}
        await self._registry.end(self._name, where, params)

    async def _brought(self, where: httpx.URL, start: int, end: int) -> httpx.URL:
        """Bring one part, again and again while that may help; where the next one goes."""
        patience = Patience(self._name)
        hashes: list[bytes] = []

        def contents() -> AsyncIterator[bytes]:
            hashes.clear()
            self._completed = start
            return self._stretch(start, end, hashes)

        while True:
            try:
                following = await self._registry.bring(self._name, where, (start, end), contents)
            except RegistryError as error:
                await patience.after(error, got_on=False)
            else:
                self._hashes += hashes
                return following

    async def _stretch(self, start: int, end: int, hashes: list[bytes]) -> AsyncIterator[bytes]:
        md5 = hashlib.md5(usedforsecurity=False)
        file = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            while start < end:
                data = await finished(os.pread, file, min(_READ_AT_ONCE, end - start), start)
                if not data:
                    raise EngineError(f"{self._path} is shorter than its model says")
                md5.update(data)
                yield data
                start += len(data)
                self._completed += len(data)
        finally:
            os.close(file)
        hashes.append(md5.digest())
