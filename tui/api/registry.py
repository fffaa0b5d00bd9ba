"""Asks model registries what a model is made of, fetches its files, and brings them some."""

from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import Self

import httpx

from tui.api.registry_errors import NotInRegistry, RegistryError, refused, unreachable
from tui.api.registry_wire import Contents, RegistryWire, Wanted, body_of
from tui.domain.language import _
from tui.domain.manifests import TYPE, BadManifest, Layer, Manifest
from tui.domain.names import ModelName


class Registry:
    """A client for registries."""

    def __init__(self, *, insecure: bool = False) -> None:
        self._insecure = insecure
        self._wire = RegistryWire()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """End all connections."""
        await self._wire.aclose()

    async def manifest(self, name: ModelName) -> bytes:
        """A model's manifest, byte for byte: its sha256 is the model's digest."""
        async with self._get(name, f"manifests/{name.tag}", {"accept": TYPE}) as response:
            raw = await body_of(response)
            if response.status_code == httpx.codes.NOT_FOUND:
                text = _("{host} has no model {name}. Check the name and its tag.")
                raise NotInRegistry(
                    text.format(host=name.host, name=name.short), "file does not exist", 404
                )
            if response.status_code != httpx.codes.OK:
                raise refused(response.status_code, raw, name.host)
            return raw

    async def size(self, name: ModelName) -> int:
        """Bytes of all of a model's files. Raises RegistryError."""
        try:
            return Manifest.read(await self.manifest(name)).size
        except BadManifest as error:
            text = _("{host} sent a manifest that cannot be read: {reason}.")
            raise RegistryError(text.format(host=name.host, reason=error), str(error)) from error

    async def blob(
        self, name: ModelName, digest: str, start: int, end: int
    ) -> AsyncGenerator[bytes, None]:
        """The bytes of a file from `start` up to, not including, `end`."""
        wanted = {"range": f"bytes={start}-{end - 1}", "accept-encoding": "identity"}
        async with self._get(name, f"blobs/{digest}", wanted) as response:
            if response.is_error:
                raise refused(response.status_code, await body_of(response), name.host)
            # Without a 206 the answer begins at the beginning.
            skip = 0 if response.status_code == httpx.codes.PARTIAL_CONTENT else start
            try:
                async for piece in _stretch(response, skip, end - start):
                    yield piece
            except httpx.HTTPError as error:
                raise unreachable("Get", response.url, error) from error

    async def has(self, name: ModelName, digest: str) -> bool:
        """Whether the registry has a file already."""
        async with self._wire.ask(Wanted("HEAD", self._url(name, f"blobs/{digest}"))) as response:
            return response.is_success

    async def begin(self, name: ModelName, layer: Layer) -> httpx.URL | None:
        """Where to bring a file; None when the registry took it over from another model."""
        wanted = {"mount": layer.digest, "from": _path(layer.parent)} if layer.parent else {}
        url = self._url(name, "blobs/uploads/").copy_merge_params(wanted)
        async with self._sent("POST", url, {"content-length": "0"}) as response:
            await _accepted(response, name)
            return None if response.status_code == httpx.codes.CREATED else _next(response)

    async def bring(
        self, name: ModelName, where: httpx.URL, stretch: tuple[int, int], contents: Contents
    ) -> httpx.URL:
        """Bring the bytes of a file from a first up to, not including, another; what comes next."""
        start, end = stretch
        headers = {
            "content-length": str(end - start),
            "content-range": f"{start}-{end - 1}",
            "content-type": "application/octet-stream",
            "x-redirect-uploads": "1",
        }
        async with self._sent("PATCH", where, headers, contents) as response:
            await _accepted(response, name)
            return _next(response) if "location" in response.headers else where

    async def end(self, name: ModelName, where: httpx.URL, params: dict[str, str]) -> None:
        """All of a file is there: `params` say which it is."""
        url = where.copy_merge_params(params)
        async with self._sent("PUT", url, {"content-length": "0"}) as response:
            await _accepted(response, name)

    async def publish(self, name: ModelName, raw: bytes) -> None:
        """Put a model's manifest where its files are."""

        async def contents() -> AsyncGenerator[bytes, None]:
            yield raw

        headers = {"content-type": TYPE, "content-length": str(len(raw))}
        url = self._url(name, f"manifests/{name.tag}")
        async with self._sent("PUT", url, headers, contents) as response:
            await _accepted(response, name)

    def _sent(
        self, method: str, url: httpx.URL, headers: dict[str, str], contents: Contents | None = None
    ) -> AbstractAsyncContextManager[httpx.Response]:
        return self._wire.ask(Wanted(method, url, headers, contents))

    def _get(
        self, name: ModelName, what: str, headers: dict[str, str]
    ) -> AbstractAsyncContextManager[httpx.Response]:
        return self._wire.ask(Wanted("GET", self._url(name, what), headers))

    def _url(self, name: ModelName, what: str) -> httpx.URL:
        scheme = "http" if self._insecure else "https"
        return httpx.URL(f"{scheme}://{name.host}/v2/{name.namespace}/{name.model}/{what}")


async def _stretch(response: httpx.Response, skip: int, left: int) -> AsyncGenerator[bytes, None]:
    """So many bytes of an answer, behind those to skip; some servers send more."""
    async for chunk in response.aiter_raw():
        if not left:
            return
        if piece := chunk[skip:][:left]:
            yield piece
        skip = max(skip - len(chunk), 0)
        left -= len(piece)


def _path(model: str) -> str:
    name = ModelName.parse(model)
    return f"{name.namespace}/{name.model}"


async def _accepted(response: httpx.Response, name: ModelName) -> None:
    if response.is_error:
        raise refused(response.status_code, await body_of(response), name.host)


def _next(response: httpx.Response) -> httpx.URL:
    headers = response.headers
    return response.url.join(headers.get("docker-upload-location") or headers.get("location", ""))
