"""Where a server listens: `OLLAMA_HOST` and the names users give to hosts."""

import ipaddress
from typing import Literal, Self
from urllib.parse import unquote

import msgspec

from tui.domain.boxes import Box
from tui.domain.language import _

HostKind = Literal["ollama", "openai"]
"""What a server speaks: Ollama's own API, or that of OpenAI, as vLLM and llama.cpp do."""

DEFAULT_PORT = 11434
V1 = "/v1"
"""What the paths of OpenAI's API begin with; many write it at the end of an address."""
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
    box: Box | None = None
    """The machine that ssh reaches it through; `socket` is then this end of the tunnel."""
    name: str = ""
    """What errors call it in place of its address."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read an address by the exact rules of `OLLAMA_HOST` (reference: envconfig.Host).

        Beyond these, `unix:/path` is a socket, `ssh://box` the Ollama of a machine that ssh
        reaches, and `user:password@` is taken off the host.
        Raises ValueError for any other scheme.
        """
        text = text.strip().strip("\"'").strip()
        if text.startswith("ssh://"):
            return cls._behind(*text.removeprefix("ssh://").partition("/")[::2])
        if text.startswith("unix:"):
            return cls(socket=text.removeprefix("unix:").removeprefix("//"))
        scheme, rest, default = _scheme(text)
        where, _slash, path = rest.partition("/")
        userinfo, _at, where = where.rpartition("@")
        host, port, hint = _split(where, default)
        if "://" in text and scheme == "http" and _split_host_port(where)[1] is None:
            hint = _("http:// without a port means port 80; Ollama's own port is 11434.")
            if path.strip("/").endswith(V1.strip("/")):
                hint = _("http:// without a port means port 80; vLLM's own port is 8000.")
        return cls(scheme, host, port, "/" + path.strip("/") if path.strip("/") else "", "",
                   unquote(userinfo), hint)  # fmt: skip

    @classmethod
    def _behind(cls, where: str, server: str) -> Self:
        """The server that `where` reaches, itself in the form of `OLLAMA_HOST`, or a port."""
        there = cls.parse(f":{server}" if server.isdecimal() else server)
        if there.scheme != "http" or there.box or there.userinfo:
            raise ValueError(
                _("Behind ssh://box/ stands where Ollama is as the box sees it, such as :11434.")
            )
        target = there.socket or there.url.removeprefix("http://").removesuffix(there.path)
        behind = there.shown.removeprefix("http://").removeprefix("127.0.0.1")
        box = Box.parse(where, target, "" if behind == f":{DEFAULT_PORT}" else behind)
        return cls(host=box.host, path=there.path, hint=there.hint, box=box)

    @property
    def url(self) -> str:
        """The URL a client asks, without credentials; a bind address becomes loopback."""
        if self.box and not self.socket:
            return self.box.shown  # nobody can ask it before the tunnel has an end here
        if self.socket:
            return "http://localhost" + self.path
        host = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)
        bracketed = f"[{host}]" if ":" in host else host
        return f"{self.scheme}://{bracketed}:{self.port}{self.path}"

    @property
    def shown(self) -> str:
        """The address for the user's eyes: no credentials."""
        if self.box:
            return self.box.shown
        return f"unix:{self.socket}" if self.socket else self.url

    @property
    def called(self) -> str:
        """What errors call it."""
        return self.name or self.shown

    @property
    def is_local(self) -> bool:
        """Whether the server is on this machine, as far as its address tells."""
        if self.box:
            return False
        if self.socket or self.host in ("", "localhost"):
            return True
        try:
            address = ipaddress.ip_address(self.host)
        except ValueError:
            return False
        return address.is_loopback or address.is_unspecified


def _scheme(text: str) -> tuple[str, str, int]:
    """Scheme, what stands behind it, and the port that it means. Raises ValueError."""
    scheme, separator, rest = text.partition("://")
    if not separator:
        return ("https", text, 443) if text == _CLOUD else ("http", text, DEFAULT_PORT)
    if scheme in _SCHEME_PORTS:
        return scheme, rest, _SCHEME_PORTS[scheme]
    said = _("{scheme}:// is not a scheme of Ollama's. Use http://, https:// or ssh://.")
    raise ValueError(said.format(scheme=scheme))


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
