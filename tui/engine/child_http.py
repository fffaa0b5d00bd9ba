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


class Broken(Exception):
    """The process ended, or never listened."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer whose body is still to come."""

    status: int
    _length: int | None
    """None where it comes in chunks."""
    _reader: asyncio.StreamReader

    @property
    def refused(self) -> bool:
        """Whether it is an error."""
        return self.status >= _ERRORS_FROM

    async def whole(self) -> bytes:
        """All of the body. Raises Broken when it does not come to its end."""
        try:
            if self._length is not None:
                return await self._reader.readexactly(self._length)
            whole = b""
            while piece := await self._piece():
                whole += piece
        except _ENDED as error:
            raise Broken(str(error)) from error
        return whole

    async def lines(self) -> AsyncIterator[bytes]:
        r"""The body as it comes, split at \n only: models do say U+2028 and U+0085."""
        rest = b""
        try:
            while piece := await self._piece():
                *lines, rest = (rest + piece).split(b"\n")
                for line in lines:
                    if line:
                        yield line
        except _ENDED as error:
            raise Broken(str(error)) from error

    async def _piece(self) -> bytes:
        """What came at once; empty at the end."""
        size = int(await self._reader.readuntil(b"\r\n"), 16)
        return (await self._reader.readexactly(size + 2))[:-2]


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
