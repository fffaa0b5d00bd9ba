"""The HTTP of a model's process, however its bytes are cut."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tui.engine.child_http import Broken, asked

_HEAD = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
_PIECES = (b'data: {"a":"1"}\n', b"\n", 'data: {"b":"\u2028"}\ndata: [DO'.encode(), b"NE]\n")
_CHUNKS = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in _PIECES)
_LINES = [b'data: {"a":"1"}', 'data: {"b":"\u2028"}'.encode(), b"data: [DONE]"]
_LAST = b"0\r\n\r\n"


@asynccontextmanager
async def saying(folder: Path, *pieces: bytes) -> AsyncIterator[Path]:
    """A socket at which every question is answered with these bytes, piece by piece."""

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


async def lines_of(socket: Path) -> list[bytes]:
    async with asked(socket, "/") as reply:
        return [line async for lines in reply.lines() for line in lines if line]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 16, 31, 1000])
async def test_lines_come_whole_wherever_chunks_and_reads_are_cut(
    tmp_path: Path, size: int
) -> None:
    body = _CHUNKS + _LAST
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    async with saying(tmp_path, _HEAD, *pieces) as socket:
        assert await lines_of(socket) == _LINES


async def test_a_body_in_chunks_is_read_whole(tmp_path: Path) -> None:
    async with saying(tmp_path, _HEAD + _CHUNKS + _LAST) as socket, asked(socket, "/") as reply:
        assert await reply.whole() == b"".join(_PIECES)


@pytest.mark.parametrize("cut", [b"", b"1", b"10\r\ndata"])
async def test_a_process_that_ends_in_mid_answer_is_noticed(tmp_path: Path, cut: bytes) -> None:
    async with saying(tmp_path, _HEAD + _CHUNKS + cut) as socket:
        with pytest.raises(Broken):
            await lines_of(socket)
