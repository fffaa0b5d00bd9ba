"""Where an Ollama server listens: `OLLAMA_HOST` and the names users give to hosts."""

import ipaddress
from typing import Self
from urllib.parse import unquote

import msgspec

from tui.domain.language import _

DEFAULT_PORT = 11434
_SCHEME_PORTS = {"http": 80, "https": 443}
_MAX_PORT = 65535
_CLOUD = "ollama.com"


class HostAddress(msgspec.Struct, frozen=True):
    """A server's address. A `socket` path takes the place of host and port."""

    scheme: str = "http"
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    path: str = ""
    """The base path before `/api`, with no slash at its end."""
    socket: str = ""
    userinfo: str = ""
    """`user:password`; never displayed or logged."""
    hint: str = ""
    """What in the text may not have been meant, in words for the user."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read an address by the exact rules of `OLLAMA_HOST` (reference: envconfig.Host).

        Beyond these, `unix:/path` is a socket, and `user:password@` is taken off the host.
        Raises ValueError for a scheme that is not http or https.
        """
        text = text.strip().strip("\"'").strip()
        if text.startswith("unix:"):
            return cls(socket=text.removeprefix("unix:").removeprefix("//"))
        scheme, separator, rest = text.partition("://")
        if not separator:
            scheme, rest = "http", text
            default = DEFAULT_PORT
            if text == _CLOUD:
                scheme, default = "https", 443
        elif scheme in _SCHEME_PORTS:
            default = _SCHEME_PORTS[scheme]
        else:
            raise ValueError(
                _("{scheme}:// is not a scheme of Ollama's. Use http:// or https://.").format(
                    scheme=scheme
                )
            )
        where, _slash, path = rest.partition("/")
        userinfo, _at, where = where.rpartition("@")
        host, port, hint = _split(where, default)
        if separator and scheme == "http" and _split_host_port(where)[1] is None:
            hint = _("http:// without a port means port 80; Ollama's own port is 11434.")
        return cls(scheme, host, port, "/" + path.strip("/") if path.strip("/") else "", "",
                   unquote(userinfo), hint)  # fmt: skip

    @property
    def url(self) -> str:
        """The URL a client asks, without credentials; a bind address becomes loopback."""
        if self.socket:
            return "http://localhost" + self.path
        host = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)
        bracketed = f"[{host}]" if ":" in host else host
        return f"{self.scheme}://{bracketed}:{self.port}{self.path}"

    @property
    def shown(self) -> str:
        """The address for the user's eyes: no credentials."""
        return f"unix:{self.socket}" if self.socket else self.url

    @property
    def is_local(self) -> bool:
        """Whether the server is on this machine, as far as its address tells."""
        if self.socket or self.host in ("", "localhost"):
            return True
        try:
            address = ipaddress.ip_address(self.host)
        except ValueError:
            return False
        return address.is_loopback or address.is_unspecified


def _split(where: str, default: int) -> tuple[str, int, str]:
    """Host, port and hint. What does not split is all host, as in Go's net.SplitHostPort."""
    host, port = _split_host_port(where)
    if port is None:
        bare = where.strip("[]")
        return (bare or "127.0.0.1"), default, ""
    if not port.isdecimal() or int(port) > _MAX_PORT:
        hint = _("{port} is not a port; {default} is used.").format(port=port, default=default)
        return host, default, hint
    return host, int(port), ""


def _split_host_port(where: str) -> tuple[str, str | None]:
    if where.startswith("["):
        host, bracket, rest = where[1:].partition("]")
        return (host, rest[1:]) if bracket and rest.startswith(":") else (where, None)
    host, colon, port = where.rpartition(":")
    return (host, port) if colon and ":" not in host else (where, None)
