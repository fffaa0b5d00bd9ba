"""What can go wrong with a model registry: in words for the user, and in Ollama's own."""

import socket
import ssl

import httpx

from tui.api.errors import OllamaError, Unreachable
from tui.domain.language import _

_SHOWN = 1000


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


def unreachable(method: str, url: httpx.URL | str, error: Exception) -> RegistryUnreachable:
    """A registry that does not answer, or no longer."""
    asked = httpx.URL(url)
    reason = str(error) or type(error).__name__
    text = _(
        "{host} cannot be reached: {reason}. Check the network, and the proxy if there is one."
    ).format(host=asked.host, reason=reason)
    return RegistryUnreachable(
        text, f'{method.capitalize()} "{url}": {_in_go(asked, error) or reason}'
    )


def refused(status: int, body: bytes, host: str, words: str = "") -> RegistryError:
    """A registry that says no."""
    told = words or f"{status}: {body[:_SHOWN].decode(errors='replace').strip()}"
    text = _("The registry {host} refused: {words}").format(host=host, words=told)
    return RegistryError(text, told, status)


def _in_go(url: httpx.URL, error: BaseException | None) -> str:
    """Why there is no connection, as Ollama's server says it; empty where it has no other words."""
    port = url.port or (80 if url.scheme == "http" else 443)
    while error:
        if isinstance(error, ConnectionRefusedError):
            return f"dial tcp {url.host}:{port}: connect: connection refused"
        if isinstance(error, socket.gaierror):
            return f"dial tcp: lookup {url.host}: no such host"
        if isinstance(error, ssl.SSLError) and error.reason == "WRONG_VERSION_NUMBER":
            return "tls: first record does not look like a TLS handshake"
        error = _cause(error)
    return ""


def _cause(error: BaseException) -> BaseException | None:
    if isinstance(error, BaseExceptionGroup):
        return error.exceptions[0]
    return error.__cause__ or error.__context__
