"""The way to a server, looked at step by step: each look is short and raises nothing."""

import asyncio
import socket
import ssl
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple

from tui.api.tls import context_of
from tui.domain.host_settings import HostSetting

Reached = Literal["open", "refused", "silent", "unreachable"]

_TELLING: Sequence[Reached] = ("refused", "silent", "unreachable")
"""Of several addresses that failed, which failure says most."""
_NO_CHECK_TIME = 0x200000
"""OpenSSL's X509_V_FLAG_NO_CHECK_TIME, for which Python has no name."""


class Knock(NamedTuple):
    """What became of a call at a port."""

    result: Reached
    where: str = ""
    """The address that took the call."""
    why: str = ""


class Handshake(NamedTuple):
    """What became of an encrypted connection."""

    trouble: str = ""
    """Why it was not accepted; empty if it was."""
    code: int | None = None
    """OpenSSL's number for what is wrong with a certificate; None if it is not that."""
    names: tuple[str, ...] = ()
    """Whom the certificate is for."""
    expires: datetime | None = None


def numbers(host: str, port: int) -> list[str]:
    """The addresses behind a name. Blocks; raises OSError and UnicodeError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


async def knock(places: Sequence[str], port: int, seconds: float) -> Knock:
    """Call at a port of each of these addresses until one takes the call."""
    failed: dict[Reached, Knock] = {}
    for place in places:
        found = await _knock(place, port, seconds / len(places))
        if found.result == "open":
            return found
        failed.setdefault(found.result, found)
    return next((failed[each] for each in _TELLING if each in failed), Knock("unreachable"))


async def _knock(place: str, port: int, seconds: float) -> Knock:
    try:
        async with asyncio.timeout(seconds):
            _reader, writer = await asyncio.open_connection(place, port)
    except TimeoutError:
        return Knock("silent", place)
    except ConnectionRefusedError:
        return Knock("refused", place)
    except OSError as error:
        return Knock("unreachable", place, error.strerror or str(error))
    writer.transport.abort()
    return Knock("open", place)


async def knock_socket(path: str, seconds: float) -> Knock:
    """Call at a unix socket."""
    try:
        async with asyncio.timeout(seconds):
            _reader, writer = await asyncio.open_unix_connection(path)
    except TimeoutError:
        return Knock("silent", path)
    except (ConnectionRefusedError, FileNotFoundError):
        return Knock("refused", path)
    except OSError as error:
        return Knock("unreachable", path, error.strerror or str(error))
    writer.transport.abort()
    return Knock("open", path)


async def handshake(
    place: str, port: int, name: str, seconds: float, context: ssl.SSLContext | None = None
) -> Handshake:
    """Encrypt as the program's requests do, and look at the certificate."""
    try:
        context = context or context_of(HostSetting())
        async with asyncio.timeout(seconds):
            peer = await _peer(place, port, name, context)
            return Handshake("", None, *_read(peer.getpeercert()))
    except ssl.SSLCertVerificationError as error:
        seen = await _unaccepted(place, port, name, seconds)
        return Handshake(error.verify_message, error.verify_code, *_read(seen))
    except ssl.SSLError as error:
        return Handshake(error.reason or str(error))
    except OSError as error:  # TimeoutError is one
        return Handshake(error.strerror or str(error) or type(error).__name__)


async def _unaccepted(place: str, port: int, name: str, seconds: float) -> Any:  # noqa: ANN401
    """A certificate that was not accepted; Python decodes only those that it trusts."""
    blind = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    blind.check_hostname, blind.verify_mode = False, ssl.CERT_NONE
    try:
        async with asyncio.timeout(seconds):
            raw = (await _peer(place, port, name, blind)).getpeercert(binary_form=True)
            seeing = ssl.create_default_context(cadata=raw)
            seeing.check_hostname = False
            seeing.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN | _NO_CHECK_TIME
            return (await _peer(place, port, name, seeing)).getpeercert()
    except OSError:
        return None


async def _peer(place: str, port: int, name: str, context: ssl.SSLContext) -> ssl.SSLObject:
    _reader, writer = await asyncio.open_connection(place, port, ssl=context, server_hostname=name)
    peer: ssl.SSLObject = writer.get_extra_info("ssl_object")
    writer.transport.abort()
    return peer


def _read(certificate: Any) -> tuple[tuple[str, ...], datetime | None]:  # noqa: ANN401
    """Names and last day out of Python's loose form of a certificate."""
    if not certificate:
        return (), None
    names = tuple(value for _kind, value in certificate.get("subjectAltName", ()))
    seconds = ssl.cert_time_to_seconds(certificate["notAfter"])
    return names, datetime.fromtimestamp(seconds, UTC)
