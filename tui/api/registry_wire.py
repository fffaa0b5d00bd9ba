"""How registries are spoken to: proxies, redirects, and a token as for anybody."""

import re
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import cache

import httpx

from tui.api.registry_errors import RegistryError, refused, unreachable
from tui.domain.language import _

CONNECT_SECONDS = 5.0
STALL_SECONDS = 30.0
_MOST_REDIRECTS = 5
_MOST_BYTES = 16 << 20
"""Of an answer that is no file: manifests have a few thousand."""
_FIELD = re.compile(r'(\w+)="([^"]*)"')
_LOOPBACK = ("all://localhost", "all://127.0.0.1", "all://[::1]")

Contents = Callable[[], AsyncIterator[bytes]]
"""The body of a request, from its beginning each time it is called."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One request."""

    method: str
    url: httpx.URL
    headers: Mapping[str, str] = field(default_factory=dict)
    contents: Contents | None = None

    def at(self, location: str) -> "Wanted":
        """The same where a redirect leads; a part of a file is put there."""
        method = "PUT" if self.method == "PATCH" else self.method
        return replace(self, method=method, url=self.url.join(location))


class RegistryWire:
    """A connection to one registry; its proxies and certificates are the user's own."""

    def __init__(self) -> None:
        self._token = ""
        context = _certificates()
        # A proxy is never asked for this very machine, whatever the environment says.
        direct = {host: httpx.AsyncHTTPTransport(verify=context) for host in _LOOPBACK}
        self._http = httpx.AsyncClient(
            verify=context,
            mounts=direct,
            timeout=httpx.Timeout(STALL_SECONDS, connect=CONNECT_SECONDS),
        )

    async def aclose(self) -> None:
        """End all connections."""
        await self._http.aclose()

    @asynccontextmanager
    async def ask(self, wanted: Wanted) -> AsyncGenerator[httpx.Response, None]:
        """An answer whose body is still to be read, after redirects and a token if need be."""
        home = wanted.url.host, wanted.url.port
        asked, tried = wanted, False
        for _turn in range(_MOST_REDIRECTS):
            # The token is the registry's: where a redirect leads, nobody is to see it.
            own = {"authorization": f"Bearer {self._token}"} if self._token else {}
            known = (asked.url.host, asked.url.port) == home
            shown = replace(asked, headers={**asked.headers, **own}) if known else asked
            async with self._answer(shown) as response:
                if response.status_code == httpx.codes.UNAUTHORIZED and not tried:
                    self._token = await self._anonymous_token(response)
                    tried = True
                elif response.has_redirect_location:
                    asked = asked.at(response.headers["location"])
                else:
                    yield response
                    return
        text = _("{url} leads from one address to the next without end.").format(url=wanted.url)
        raise RegistryError(text, f'Get "{wanted.url}": stopped after {_MOST_REDIRECTS} redirects')

    @asynccontextmanager
    async def _answer(self, wanted: Wanted) -> AsyncGenerator[httpx.Response, None]:
        contents = wanted.contents() if wanted.contents else None
        try:
            request = self._http.build_request(
                wanted.method, wanted.url, headers=wanted.headers, content=contents
            )
            response = await self._http.send(request, stream=True)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise unreachable(wanted.method, wanted.url, error) from error
        try:
            yield response
        finally:
            await response.aclose()

    async def _anonymous_token(self, answer: httpx.Response) -> str:
        """A token as for anybody: public models need no more."""
        told = dict(_FIELD.findall(answer.headers.get("www-authenticate", "")))
        realm, home = httpx.URL(told.pop("realm", "")), answer.url
        if realm.host != home.host or realm.scheme != home.scheme:
            words = f'realm host "{_netloc(realm)}" does not match original host "{_netloc(home)}"'
            raise refused(401, words.encode(), home.host, words)
        params = httpx.QueryParams({key: told[key] for key in ("service", "scope") if key in told})
        async with self._answer(Wanted("GET", realm.copy_merge_params(params))) as response:
            raw = await body_of(response)
            found = re.search(rb'"(?:access_)?token"\s*:\s*"([^"]+)"', raw)
            if response.is_error or not found:
                raise refused(401, raw, realm.host)
            return found[1].decode()


@cache
def _certificates() -> ssl.SSLContext:
    """Read once: it takes longer than most answers."""
    return httpx.create_ssl_context()


def _netloc(url: httpx.URL) -> str:
    return url.netloc.decode()


def _too_much(response: httpx.Response) -> RegistryError:
    host = response.url.host
    text = _("{host} answers without end. Check whether it is a registry.").format(host=host)
    return RegistryError(text, f'Get "{response.url}": response too large', response.status_code)


async def body_of(response: httpx.Response) -> bytes:
    """All of an answer. Raises RegistryUnreachable, and RegistryError where it is too much."""
    raw = bytearray()
    try:
        async for chunk in response.aiter_bytes():
            raw += chunk
            if len(raw) > _MOST_BYTES:
                raise _too_much(response)
        return bytes(raw)
    except httpx.HTTPError as error:
        raise unreachable(response.request.method, response.url, error) from error
