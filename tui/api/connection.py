"""The HTTP connection to one server, and the one place where httpx's troubles become ours.

Imported at the first request: httpx takes longer to load than the first frame may take.
"""

import base64
import socket
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from urllib.request import getproxies, proxy_bypass

import httpx

from tui import __version__
from tui.api import refusals
from tui.api.answers import refusal
from tui.api.errors import Unreachable
from tui.api.lines import lines
from tui.api.troubles import trouble_of
from tui.domain.hosts import HostAddress
from tui.domain.language import _

Body = bytes | AsyncIterator[bytes]

_JSON = {"Content-Type": "application/json"}
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


class Connection:
    """Sends requests to one server and judges its answers before anyone reads them."""

    def __init__(
        self, address: HostAddress, headers: Mapping[str, str], connect_timeout: float
    ) -> None:
        self.where = address.shown
        """What errors call the server."""
        self._timeout = connect_timeout
        if proxy := proxy_of(address):
            self.where = _("{address} (through the proxy {proxy})").format(
                address=address.shown, proxy=proxy.rpartition("@")[2]
            )
        try:
            self._client = httpx.AsyncClient(
                base_url=address.url,
                headers=_headers(address, headers),
                limits=_LIMITS,
                transport=None if proxy else _direct(address),
            )
        except (httpx.InvalidURL, ImportError, ValueError) as error:
            raise Unreachable(
                _(
                    "{where} cannot be asked: {reason}\nCheck the address, its headers, and "
                    "HTTP_PROXY, ALL_PROXY and NO_PROXY in the environment."
                ).format(where=self.where, reason=error)
            ) from error

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
        except httpx.TransportError as error:
            connecting = isinstance(error, httpx.ConnectTimeout)
            seconds = self._timeout if connecting else patience or 0
            raise trouble_of(error, self.where, seconds) from error

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
            return await response.aread()

    async def stream(self, path: str, body: Body, model: str) -> AsyncGenerator[bytes, None]:
        """The lines of a good answer as they come. Close it to make the server stop."""
        async with self.send("POST", path, body, _JSON) as response:
            await self.check(response, model)
            async with aclosing(lines(response.aiter_bytes())) as found:
                async for line in found:
                    yield line

    async def check(self, response: httpx.Response, model: str = "") -> None:
        """Raise the error that an answer stands for, if it is none to go on with."""
        if response.has_redirect_location:
            raise refusals.redirected(self.where, response.headers["Location"])
        if response.is_success and "html" not in response.headers.get("Content-Type", ""):
            return
        body = await response.aread()
        status = f"{response.status_code} {response.reason_phrase}"
        raise refusal(response.status_code, status, body, self.where, model)


def _headers(address: HostAddress, wanted: Mapping[str, str]) -> httpx.Headers:
    # Compression would make a proxy hold back tokens until it has enough of them.
    headers = httpx.Headers(
        {"User-Agent": f"ollama-tui/{__version__}", "Accept-Encoding": "identity"}
    )
    if address.userinfo:
        credentials = base64.b64encode(address.userinfo.encode()).decode()
        headers["Authorization"] = f"Basic {credentials}"
    headers.update(wanted)
    return headers


def proxy_of(address: HostAddress) -> str:
    """The environment's proxy on the way to a server; none to this machine."""
    if address.socket or address.is_local or proxy_bypass(address.host):
        return ""
    proxies = getproxies()
    return proxies.get(address.scheme) or proxies.get("all", "")


def _direct(address: HostAddress) -> httpx.AsyncHTTPTransport:
    return httpx.AsyncHTTPTransport(
        verify=address.scheme == "https",
        uds=address.socket or None,
        limits=_LIMITS,
        socket_options=None if address.socket else _KEEPALIVE,
    )
