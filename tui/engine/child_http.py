"""Speaks HTTP with a model's process: only as much of it as that does, for every token pays."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_ENDED = (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError)
_ERRORS_FROM = 400
_BREAK, _LAST = b"\r\n", b"0\r\n"
_AT_ONCE = 1 << 16
"""Bytes."""


class Broken(Exception):
    """The process ended, or never listened."""


@dataclass(slots=True)
class Reply:
    """An answer whose body is still to come."""

    status: int
    _length: int | None
    """None where it comes in chunks."""
    _reader: asyncio.StreamReader
    _raw: bytes = b""
    """What came of a chunk that is not whole yet."""

    @property
    def refused(self) -> bool:
        """Whether it is an error."""
        return self.status >= _ERRORS_FROM

    async def whole(self) -> bytes:
        """All of the body. Raises Broken when it does not come to its end."""
        whole = b""
        try:
            if self._length is not None:
                return await self._reader.readexactly(self._length)
            while piece := await self._piece():
                whole += piece
        except _ENDED as error:
            raise Broken(str(error)) from error
        return whole

    async def lines(self) -> AsyncIterator[list[bytes]]:
        r"""The lines that came at once, split at \n only: models do say U+2028 and U+0085."""
        rest = b""
        try:
            while piece := await self._piece():
                *lines, rest = (rest + piece).split(b"\n")
                yield lines
        except _ENDED as error:
            raise Broken(str(error)) from error

    async def _piece(self) -> bytes:
        """The chunks that came at once; empty at the end."""
        piece = b""
        while not piece and not self._raw.startswith(_LAST):
            came = await self._reader.read(_AT_ONCE)
            if not came:
                raise Broken("the answer was cut off")
            piece, self._raw = _unchunked(self._raw + came)
        return piece


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
    socket: Path, path: str, body: dict[str, Any] | None = None
) -> AsyncGenerator[Reply, None]:
    """The answer to a question; leaving before its end tells the process to stop. Raises Broken."""
    try:
        reader, writer = await asyncio.open_unix_connection(socket)
    except OSError as error:
        raise Broken(str(error)) from error
    try:
        try:
            writer.write(_request(path, body))
            await writer.drain()
            reply = await _head(reader)
        except _ENDED as error:
            raise Broken(str(error)) from error
        yield reply
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


def _request(path: str, body: dict[str, Any] | None) -> bytes:
    content = b"" if body is None else json.dumps(body).encode()
    lines = [
        f"{'GET' if body is None else 'POST'} {path} HTTP/1.1",
        "Host: model",
        "Connection: close",
        "Content-Type: application/json",
        f"Content-Length: {len(content)}",
    ]
    return "\r\n".join([*lines, "", ""]).encode() + content


async def _head(reader: asyncio.StreamReader) -> Reply:
    first, *rows = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    fields = {
        name.lower(): value.strip() for name, _colon, value in (r.partition(":") for r in rows)
    }
    length = fields.get("content-length")
    return Reply(int(first.split()[1]), int(length) if length else None, reader)
