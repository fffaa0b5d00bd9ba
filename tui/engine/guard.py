"""Keeps strangers out: foreign web pages, and names that only pretend to be local."""

import ipaddress
import os
import socket
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LOCAL_ENDINGS = (".localhost", ".local", ".internal")
_LOCAL_ORIGINS = ("localhost", "127.0.0.1", "0.0.0.0", "[::1]")
_APP_ORIGINS = ("app://*", "file://*", "tauri://*", "vscode-webview://*", "vscode-file://*")
_METHODS = "GET,POST,PUT,PATCH,DELETE,HEAD,OPTIONS"
_HEADERS = "Authorization,Content-Type,User-Agent,Accept,X-Requested-With"
_DAY_HALF = "43200"


class Guard:
    """An ASGI application before another: 403 for foreign `Host` and `Origin`, and CORS."""

    def __init__(self, app: ASGIApp, *, check_host: bool) -> None:
        self._app = app
        self._check_host = check_host
        self._origins = _origins()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request pass, or not."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin = headers.get("origin", "")
        if self._refuses(headers.get("host", ""), origin):
            await Response(status_code=403)(scope, receive, send)
        elif scope["method"] == "OPTIONS":
            await Response(status_code=204, headers=_preflight(origin))(scope, receive, send)
        else:
            await self._app(scope, receive, _allowing(send, origin) if origin else send)

    def _refuses(self, host: str, origin: str) -> bool:
        if self._check_host and not is_local_name(host):
            return True
        return bool(origin) and not any(fnmatchcase(origin, known) for known in self._origins)


def is_local_name(host: str) -> bool:
    """Whether a `Host` header names this machine or its network: a web page's name does not."""
    try:
        name = (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return False
    if name in ("", "localhost", socket.gethostname().lower()):
        return True
    if name.endswith(_LOCAL_ENDINGS):
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    return address.is_loopback or address.is_private or address.is_unspecified


def _origins() -> list[str]:
    """Patterns of the web pages that may ask, `OLLAMA_ORIGINS` first."""
    given = [each.strip() for each in os.environ.get("OLLAMA_ORIGINS", "").split(",")]
    local = [
        f"{scheme}://{host.replace('[', '[[]')}{port}"
        for scheme in ("http", "https")
        for host in _LOCAL_ORIGINS
        for port in ("", ":*")
    ]
    return [*filter(None, given), *local, *_APP_ORIGINS]


def _preflight(origin: str) -> dict[str, str]:
    return {
        "Access-Control-Allow-Origin": origin or "*",
        "Access-Control-Allow-Methods": _METHODS,
        "Access-Control-Allow-Headers": _HEADERS,
        "Access-Control-Max-Age": _DAY_HALF,
        "Vary": "Origin",
    }


def _allowing(send: Send, origin: str) -> Send:
    """`send` that tells the browser its page may read the answer."""

    async def allow(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["Access-Control-Allow-Origin"] = origin
            headers["Vary"] = "Origin"
        await send(message)

    return allow
