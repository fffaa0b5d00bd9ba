"""Speaks HTTP with a model's process: only as much of it as that does, for every token pays."""

import asyncio
import json
import socket
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_ERRORS_FROM = 400
_BREAK, _END_OF_HEAD, _LAST = b"\r\n", b"\r\n\r\n", b"0\r\n"
_AT_ONCE = 1 << 18
"""Bytes."""
_FRAME = 1 / 60
"""Seconds: what comes faster is read together, for waking up costs more than the tokens do."""


class Broken(Exception):
    """The process ended, or never listened."""


class _Connection:
    """A socket that is read when its reader wants to, and no sooner."""

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected
        self._loop = asyncio.get_running_loop()
        self._watched = False
        self._waiting: asyncio.Future[None] | None = None

    async def read(self) -> bytes:
        """What came, or what comes next. Raises Broken at the end."""
        came = None
        while came is None:
            try:
                came = self._socket.recv(_AT_ONCE)
            except BlockingIOError:
                await self._readable()
            except OSError as error:
                raise Broken(str(error)) from error
        if not came:
            raise Broken("the answer was cut off")
        return came

    async def _readable(self) -> None:
        if not self._watched:
            self._watched = True
            self._loop.add_reader(self._socket, self._tell)
        self._waiting = self._loop.create_future()
        await self._waiting

    def _tell(self) -> None:
        """Tell whoever waits; watch no longer if nobody does, or each token would wake the loop."""
        if self._waiting and not self._waiting.done():
            self._waiting.set_result(None)
        else:
            self.unwatch()

    def unwatch(self) -> None:
        """Let the event loop forget the socket, as it must before that is closed."""
        if self._watched:
            self._watched = False
            self._loop.remove_reader(self._socket)


@dataclass(slots=True)
class Reply:
    """An answer whose body is still to come."""

    status: int
    _length: int | None
    """None where it comes in chunks."""
    _connection: _Connection
    _raw: bytes
    """What came of the body and was not given on."""

    @property
    def refused(self) -> bool:
        """Whether it is an error."""
        return self.status >= _ERRORS_FROM

    async def whole(self) -> bytes:
        """All of the body. Raises Broken when it does not come to its end."""
        whole = bytearray()
        if self._length is None:
            while piece := await self._piece():
                whole += piece
        else:
            whole += self._raw
            while len(whole) < self._length:
                whole += await self._connection.read()
        return bytes(whole)

    async def lines(self) -> AsyncIterator[list[bytes]]:
        r"""The lines that came at once, split at \n only: models do say U+2028 and U+0085.

        Raises Broken.
        """
        clock = asyncio.get_running_loop().time
        rest, due = b"", 0.0
        while piece := await self._piece():
            *lines, rest = (rest + piece).split(b"\n")
            yield lines
            early = due - clock()
            if early > 0 and not self._ended:
                await asyncio.sleep(early)
            due = clock() + _FRAME

    async def _piece(self) -> bytes:
        """The chunks that came at once; empty at the end."""
        try:
            piece, self._raw = _unchunked(self._raw)
            while not piece and not self._ended:
                piece, self._raw = _unchunked(self._raw + await self._connection.read())
        except ValueError as error:  # the size of a chunk that is no number
            raise Broken(str(error)) from error
        return piece

    @property
    def _ended(self) -> bool:
        return self._raw.startswith(_LAST)


def _unchunked(raw: bytes) -> tuple[bytes, bytes]:
    """The text of whole chunks, and what follows them."""
    text, begin = b"", 0
    while (end := raw.find(_BREAK, begin)) > 0 and not raw.startswith(_LAST, begin):
        start, size = end + len(_BREAK), int(raw[begin:end], 16)
        if len(raw) < start + size + len(_BREAK):
            break
        text += raw[start : start + size]
        begin = start + size + len(_BREAK)
    return text, raw[begin:]


@asynccontextmanager
async def asked(
    path: Path, target: str, body: dict[str, Any] | None = None
) -> AsyncGenerator[Reply, None]:
    """The answer to a question; leaving before its end tells the process to stop. Raises Broken."""
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_UNIX) as connected:
        connected.setblocking(False)
        try:
            await loop.sock_connect(connected, str(path))
            await loop.sock_sendall(connected, _request(target, body))
        except OSError as error:
            raise Broken(str(error)) from error
        connection = _Connection(connected)
        try:
            yield await _head(connection)
        finally:
            connection.unwatch()


def _request(target: str, body: dict[str, Any] | None) -> bytes:
    content = b"" if body is None else json.dumps(body).encode()
    lines = [
        f"{'GET' if body is None else 'POST'} {target} HTTP/1.1",
        "Host: model",
        "Connection: close",
        "Content-Type: application/json",
        f"Content-Length: {len(content)}",
    ]
    return "\r\n".join([*lines, "", ""]).encode() + content


async def _head(connection: _Connection) -> Reply:
    raw = b""
    while _END_OF_HEAD not in raw:
        raw += await connection.read()
    head, _end, body = raw.partition(_END_OF_HEAD)
    first, *rows = head.decode("latin-1").split("\r\n")
    fields = {
        name.lower(): value.strip() for name, _colon, value in (r.partition(":") for r in rows)
    }
    length = fields.get("content-length")
    return Reply(int(first.split()[1]), int(length) if length else None, connection, body)
