"""The HTTP connection to one server, and the one place where httpx's troubles become ours.

Imported at the first request: httpx takes longer to load than the first frame may take.
"""

import socket
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import aclosing, asynccontextmanager
from http import HTTPStatus
from typing import NamedTuple
from urllib.request import getproxies, proxy_bypass

import httpx

from tui import __version__
from tui.api import refusals
from tui.api.access import Access
from tui.api.answers import refusal
from tui.api.errors import Busy, OllamaError, Unreachable
from tui.api.lines import lines
from tui.api.tls import context_of
from tui.api.troubles import trouble_of
from tui.domain.host_settings import NO_PROXY
from tui.domain.hosts import HostAddress
from tui.domain.language import _

Body = bytes | AsyncIterator[bytes]
Cut = Callable[[AsyncIterator[bytes]], AsyncGenerator[bytes, None]]
"""What makes the pieces of an answer out of bytes as they come."""

_JSON = {"Content-Type": "application/json"}
_OURS = {
    "User-Agent": f"ollama-tui/{__version__}",
    # Compression would make a proxy hold back tokens until it has enough of them.
    "Accept-Encoding": "identity",
}
_LIMITS = httpx.Limits(max_connections=None, max_keepalive_connections=4)
_KEEPALIVE = [
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
    # A tunnel that died in silence is noticed after 90 s, though an answer may take for ever.
    *(
        (socket.IPPROTO_TCP, getattr(socket, name), value)
        for name, value in (("TCP_KEEPIDLE", 30), ("TCP_KEEPINTVL", 10), ("TCP_KEEPCNT", 6))
        if hasattr(socket, name)
    ),
]


class Words(NamedTuple):
    """How it is told what goes wrong with servers of a kind."""

    refused: Callable[[int, str, bytes, str, str], OllamaError] = refusal
    """Of an answer with an error's status: that, the same in words, the body, where, the model."""
    failed: Callable[[httpx.RequestError, str, float], OllamaError] = trouble_of
    """Of a request without an answer: why, where, and after how many seconds."""


class Connection:
    """Sends requests to one server and judges its answers before anyone reads them."""

    def __init__(
        self, address: HostAddress, access: Access, timeout: float, words: Words | None = None
    ) -> None:
        """`words` are Ollama's unless others are given."""
        self._words = words or Words()
        self.where = address.called
        """What errors call the server."""
        self._address, self._access = address, access
        self._timeout = timeout
        proxy = proxy_of(address, access)
        if proxy:
            self.where = _("{address} (through the proxy {proxy})").format(
                address=address.shown, proxy=proxy.rpartition("@")[2]
            )
        try:
            self._client = httpx.AsyncClient(
                base_url=address.url,
                headers=_OURS,
                auth=_Signed(address, access),
                transport=_transport(address, access, proxy),
            )
        except (httpx.InvalidURL, ImportError, ValueError) as error:
            # What is wrong with an address may be a part of the password in it.
            reason = _("its proxy is not an address") if "@" in proxy else str(error)
            raise Unreachable(
                _(
                    "{where} cannot be asked: {reason}\nCheck the address, its headers, and its "
                    "proxy: that of its settings, else HTTP_PROXY, ALL_PROXY and NO_PROXY."
                ).format(where=self.where, reason=access.mask(reason, address))
            ) from None

    async def close(self) -> None:
        """Let go of every connection."""
        await self._client.aclose()

    @asynccontextmanager
    async def send(
        self,
        method: str,
        path: str,
        body: Body | None = None,
        headers: Mapping[str, str] | None = None,
        patience: float | None = None,
    ) -> AsyncIterator[httpx.Response]:
        """An answer whose body has not been read, whatever its status."""
        timeout = httpx.Timeout(None, connect=self._timeout, read=patience)
        request = self._client.build_request(
            method, path, content=body, headers=headers, timeout=timeout
        )
        try:
            response = await self._client.send(request, stream=True)
            try:
                yield response
            finally:
                await response.aclose()
        except httpx.RequestError as error:
            connecting = isinstance(error, httpx.ConnectTimeout)
            seconds = self._timeout if connecting else patience or 0
            raise self._masked(self._words.failed(error, self.where, seconds)) from None

    async def ask(
        self,
        method: str,
        path: str,
        body: Body | None = None,
        *,
        model: str = "",
        patience: float | None = None,
    ) -> bytes:
        """The whole body of a good answer."""
        async with self.send(method, path, body, _JSON, patience) as response:
            await self.check(response, model)
            return self._hidden(await response.aread())

    async def stream(
        self, path: str, body: Body, model: str, cut: Cut = lines
    ) -> AsyncGenerator[bytes, None]:
        """The pieces of a good answer as they come. Close it to make the server stop."""
        async with self.send("POST", path, body, _JSON) as response:
            await self.check(response, model)
            async with aclosing(cut(response.aiter_bytes())) as found:
                async for piece in found:
                    yield self._hidden(piece)

    async def check(self, response: httpx.Response, model: str = "") -> None:
        """Raise the error that an answer stands for, if it is none to go on with."""
        if response.has_redirect_location:
            # Not followed: neither credentials nor questions go where the user did not send them.
            target = self._access.mask(response.headers["Location"], self._address)
            raise refusals.redirected(self.where, target)
        if response.is_success and "html" not in response.headers.get("Content-Type", ""):
            return
        body = await response.aread()
        status = f"{response.status_code} {response.reason_phrase}"
        error = self._words.refused(response.status_code, status, body, self.where, model)
        if isinstance(error, Busy) and (wait := response.headers.get("Retry-After", "")).isdigit():
            error = refusals.busy_for(error, int(wait))
        raise self._masked(error)

    def _hidden(self, raw: bytes) -> bytes:
        """An answer as it came, unless it is an error or none at all: that may repeat a secret."""
        if raw.startswith(b"{") and b'"error"' not in raw:
            return raw
        text = raw.decode(errors="surrogateescape")
        return self._access.mask(text, self._address).encode(errors="surrogateescape")

    def _masked(self, error: OllamaError) -> OllamaError:
        error.args = (self._access.mask(str(error), self._address),)
        return error


class _Signed(httpx.Auth):
    """Says who asks; where that is refused, a key that has changed meanwhile is tried."""

    def __init__(self, address: HostAddress, access: Access) -> None:
        self._address, self._access = address, access

    async def async_auth_flow(
        self, request: httpx.Request
    ) -> AsyncGenerator[httpx.Request, httpx.Response]:
        before = await self._access.headers(self._address)
        request.headers.update(before)
        response = yield request
        if response.status_code != HTTPStatus.UNAUTHORIZED or not before:
            return
        fresh = await self._access.headers(self._address, fresh=True)
        if fresh != before and isinstance(request.stream, httpx.ByteStream):
            request.headers.update(fresh)
            yield request


def proxy_of(address: HostAddress, access: Access) -> str:
    """The proxy on the way to a server: its own, else the environment's, none to this machine."""
    if address.socket:
        return ""
    if access.proxy:
        return "" if access.proxy == NO_PROXY else access.proxy
    if address.is_local or proxy_bypass(address.host):
        return ""
    proxies = getproxies()
    found = proxies.get(address.scheme) or proxies.get("all", "")
    return found if "://" in found or not found else f"http://{found}"


def _transport(address: HostAddress, access: Access, proxy: str) -> httpx.AsyncHTTPTransport:
    return httpx.AsyncHTTPTransport(
        verify=context_of(access.setting) if address.scheme == "https" else False,
        proxy=proxy or None,
        uds=address.socket or None,
        limits=_LIMITS,
        socket_options=None if address.socket else _KEEPALIVE,
    )
