"""What stands in the way of a server, told from httpx's exceptions."""

import socket
import ssl
from collections.abc import Iterator

import httpx

from tui.api.errors import (
    ConnectionRefused,
    OllamaError,
    TLSFailed,
    UnknownHostName,
    Unreachable,
)
from tui.api.refusals import cut_off, no_answer, not_ollama, silent
from tui.domain.language import _

_BROKEN_OFF = ("disconnected", "closed connection")
"""What httpx says of an answer without its end; its other protocol errors are no HTTP at all."""


def trouble_of(error: httpx.RequestError, where: str, seconds: float) -> OllamaError:
    """The error for a request that got no answer, or for an answer that broke off."""
    match error:
        case httpx.ConnectTimeout():
            return no_answer(where, seconds)
        case httpx.TimeoutException():
            return silent(where, seconds)
        case httpx.ConnectError():
            return _unconnected(error, where)
        case httpx.DecodingError() | httpx.RemoteProtocolError() if not _is_broken_off(error):
            return not_ollama(where, "")
        case httpx.NetworkError() | httpx.RemoteProtocolError():
            return cut_off(where)
        case _:
            return _unsent(error, where)


def _is_broken_off(error: httpx.RequestError) -> bool:
    return any(word in str(error) for word in _BROKEN_OFF)


def _unconnected(error: httpx.ConnectError, where: str) -> Unreachable:
    for cause in _causes(error):
        match cause:
            case ssl.SSLError():
                return _tls_failed(cause, where)
            case socket.gaierror():
                return UnknownHostName(
                    _(
                        "The host name in {where} is not known here. Check its spelling, and "
                        "whether it needs a VPN or another DNS server."
                    ).format(where=where)
                )
            case ConnectionRefusedError() | FileNotFoundError():
                return ConnectionRefused(
                    _(
                        "Nothing listens at {where}. Ollama may not be running there: start it "
                        "with `ollama serve`, or check the address and the port."
                    ).format(where=where)
                )
    return _unsent(error, where)


def _tls_failed(error: ssl.SSLError, where: str) -> TLSFailed:
    reason = getattr(error, "verify_message", "") or error.reason or str(error)
    said = _("No secure connection to {where}: {reason}.").format(where=where, reason=reason)
    if isinstance(error, ssl.SSLCertVerificationError):
        hint = _(
            "If the certificate is your own, let ca_file in the settings of this host, or "
            "SSL_CERT_FILE, name the file of its authority."
        )
    else:
        hint = _("The server may speak plain HTTP: try http:// and its port in the address.")
    return TLSFailed(f"{said} {hint}")


def _unsent(error: httpx.RequestError, where: str) -> Unreachable:
    reasons = [str(cause) for cause in _causes(error) if str(cause)]
    return Unreachable(
        _(
            "{where} cannot be reached: {reason}\nCheck the address, the network, and the proxies "
            "in the environment."
        ).format(where=where, reason=reasons[-1] if reasons else type(error).__name__)
    )


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error, what caused it, and so on; a host with two addresses fails in a group."""
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            for each in error.exceptions:
                yield from _causes(each)
        error = error.__cause__ or error.__context__
