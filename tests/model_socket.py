"""A socket that answers every question as a model's process might."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

HEAD = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
LAST = b"0\r\n\r\n"


def chunk(text: bytes) -> bytes:
    """A piece of the body."""
    return b"%x\r\n%b\r\n" % (len(text), text)


@asynccontextmanager
async def saying(folder: Path, *pieces: bytes) -> AsyncIterator[Path]:
    """Where it listens; the bytes are sent piece by piece."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0)
        writer.close()

    socket = folder / "model.sock"
    async with await asyncio.start_unix_server(answer, socket):
        yield socket
