"""Asks model registries what a model is made of, and fetches its files."""

import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Self

import httpx

from tui.api.errors import OllamaError, Unreachable
from tui.domain.language import _
from tui.domain.manifests import TYPE, BadManifest, Manifest
from tui.domain.names import ModelName

CONNECT_SECONDS = 5.0
STALL_SECONDS = 30.0
_MOST_REDIRECTS = 5
_SHOWN = 1000
_FIELD = re.compile(r'(\w+)="([^"]*)"')
_LOOPBACK = ("all://localhost", "all://127.0.0.1", "all://[::1]")


class RegistryError(OllamaError):
    """A registry that did not do what it was asked."""

    def __init__(self, text: str, words: str, status: int = 0) -> None:
        super().__init__(text)
        self.words = words
        """The same as Ollama's server says it."""
        self.status = status
        """The HTTP status, where there was one."""


class RegistryUnreachable(RegistryError, Unreachable):
    """No registry answered, or the connection broke."""


class NotInRegistry(RegistryError):
    """The registry has no such model."""


class Registry:
    """A client for registries; the connection's proxies and certificates are the user's own."""

    def __init__(self, *, insecure: bool = False) -> None:
        self._insecure = insecure
        self._token = ""
        context = httpx.create_ssl_context()
        # A proxy is never asked for this very machine, whatever the environment says.
        direct = {host: httpx.AsyncHTTPTransport(verify=context) for host in _LOOPBACK}
        self._http = httpx.AsyncClient(
            verify=context,
            mounts=direct,
            timeout=httpx.Timeout(STALL_SECONDS, connect=CONNECT_SECONDS),
        )

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
        await self._http.aclose()

    async def manifest(self, name: ModelName) -> bytes:
        """A model's manifest, byte for byte: its sha256 is the model's digest."""
        url = self._url(name, "manifests", name.tag)
        async with self._get(url, {"accept": TYPE}) as response:
            raw = await _body(response, url)
            if response.status_code == httpx.codes.NOT_FOUND:
                text = _("{host} has no model {name}. Check the name and its tag.")
                raise NotInRegistry(
                    text.format(host=name.host, name=name.short), "file does not exist", 404
                )
            if response.status_code != httpx.codes.OK:
                raise _refused(response.status_code, raw, name.host)
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
        url = self._url(name, "blobs", digest)
        wanted = {"range": f"bytes={start}-{end - 1}", "accept-encoding": "identity"}
        async with self._get(url, wanted) as response:
            if response.is_error:
                raise _refused(response.status_code, await _body(response, url), name.host)
            # Without a 206 the answer begins at the beginning.
            skip = 0 if response.status_code == httpx.codes.PARTIAL_CONTENT else start
            try:
                async for chunk in response.aiter_raw():
                    if piece := chunk[skip:]:
                        yield piece
                    skip = max(skip - len(chunk), 0)
            except httpx.HTTPError as error:
                raise _unreachable(str(response.url), error) from error

    def _url(self, name: ModelName, kind: str, what: str) -> str:
        scheme = "http" if self._insecure else "https"
        return f"{scheme}://{name.host}/v2/{name.namespace}/{name.model}/{kind}/{what}"

    @asynccontextmanager
    async def _get(self, url: str, headers: dict[str, str]) -> AsyncGenerator[httpx.Response, None]:
        """An answer whose body is still to be read, after redirects and a token if need be."""
        asked = httpx.URL(url)
        home = asked.host, asked.port
        tried = False
        for _turn in range(_MOST_REDIRECTS):
            # The token is the registry's: where a redirect leads, nobody is to see it.
            own = {"authorization": f"Bearer {self._token}"} if self._token else {}
            shown = headers | (own if (asked.host, asked.port) == home else {})
            async with self._answer(asked, shown) as response:
                if response.status_code == httpx.codes.UNAUTHORIZED and not tried:
                    self._token = await self._anonymous_token(response)
                    tried = True
                elif response.has_redirect_location:
                    asked = asked.join(response.headers["location"])
                else:
                    yield response
                    return
        text = _("{url} leads from one address to the next without end.").format(url=url)
        raise RegistryError(text, f'Get "{url}": stopped after {_MOST_REDIRECTS} redirects')

    @asynccontextmanager
    async def _answer(
        self, url: httpx.URL, headers: dict[str, str]
    ) -> AsyncGenerator[httpx.Response, None]:
        request = self._http.build_request("GET", url, headers=headers)
        try:
            response = await self._http.send(request, stream=True)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise _unreachable(str(url), error) from error
        try:
            yield response
        finally:
            await response.aclose()

    async def _anonymous_token(self, refused: httpx.Response) -> str:
        """A token as for anybody: public models need no more."""
        told = dict(_FIELD.findall(refused.headers.get("www-authenticate", "")))
        realm = httpx.URL(told.pop("realm", ""))
        if realm.host != refused.url.host or realm.scheme != refused.url.scheme:
            words = f'realm host "{realm.host}" does not match original host "{refused.url.host}"'
            raise _refused(401, words.encode(), refused.url.host, words)
        params = httpx.QueryParams({key: told[key] for key in ("service", "scope") if key in told})
        url = realm.copy_merge_params(params)
        async with self._answer(url, {}) as response:
            raw = await _body(response, str(url))
            found = re.search(rb'"(?:access_)?token"\s*:\s*"([^"]+)"', raw)
            if response.is_error or not found:
                raise _refused(401, raw, realm.host)
            return found[1].decode()


async def _body(response: httpx.Response, url: str) -> bytes:
    try:
        return await response.aread()
    except httpx.HTTPError as error:
        raise _unreachable(url, error) from error


def _unreachable(url: str, error: Exception) -> RegistryUnreachable:
    reason = str(error) or type(error).__name__
    text = _(
        "{host} cannot be reached: {reason}. Check the network, and the proxy if there is one."
    ).format(host=httpx.URL(url).host, reason=reason)
    return RegistryUnreachable(text, f'Get "{url}": {reason}')


def _refused(status: int, body: bytes, host: str, words: str = "") -> RegistryError:
    told = words or f"{status}: {body[:_SHOWN].decode(errors='replace').strip()}"
    text = _("The registry {host} refused: {words}").format(host=host, words=told)
    return RegistryError(text, told, status)
