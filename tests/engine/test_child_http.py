"""The HTTP of a model's process, however its bytes are cut."""

import asyncio
from pathlib import Path

import pytest

from model_socket import HEAD, LAST, chunk, saying
from tui.engine.child_http import Broken, asked

_PIECES = (b'data: {"a":"1"}\n', b"\n", 'data: {"b":"\u2028"}\ndata: [DO'.encode(), b"NE]\n")
_CHUNKS = b"".join(map(chunk, _PIECES))
_LINES = [b'data: {"a":"1"}', 'data: {"b":"\u2028"}'.encode(), b"data: [DONE]"]
_MANY = 60


async def lines_of(socket: Path) -> list[bytes]:
    async with asked(socket, "/") as reply:
        return [line async for lines in reply.lines() for line in lines if line]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 16, 31, 1000])
async def test_lines_come_whole_wherever_chunks_and_reads_are_cut(
    tmp_path: Path, size: int
) -> None:
    body = _CHUNKS + LAST
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    async with saying(tmp_path, HEAD, *pieces) as socket:
        assert await lines_of(socket) == _LINES


async def test_an_answer_that_comes_with_its_head_is_whole(tmp_path: Path) -> None:
    async with saying(tmp_path, HEAD + _CHUNKS + LAST) as socket:
        assert await lines_of(socket) == _LINES


@pytest.mark.parametrize("wait", [False, True])
async def test_lines_that_come_faster_than_frames_are_read_together(
    tmp_path: Path, wait: bool
) -> None:
    """One by one, though, where the next one comes only once its reader has the last."""
    read = asyncio.Event()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(HEAD)
        for _line in range(_MANY):
            writer.write(chunk(b"hi\n"))
            await (read.wait() if wait else asyncio.sleep(0.001))
            read.clear()
        writer.write(LAST)
        writer.close()

    socket, sizes = tmp_path / "model.sock", []
    async with await asyncio.start_unix_server(answer, socket), asked(socket, "/") as reply:
        async for lines in reply.lines():
            assert set(lines) == {b"hi"}
            sizes.append(len(lines))
            read.set()
    assert sum(sizes) == _MANY
    assert len(sizes) == _MANY if wait else len(sizes) < _MANY / 4


async def test_a_body_in_chunks_is_read_whole(tmp_path: Path) -> None:
    async with saying(tmp_path, HEAD + _CHUNKS + LAST) as socket, asked(socket, "/") as reply:
        assert await reply.whole() == b"".join(_PIECES)


@pytest.mark.parametrize("cut", [b"", b"1", b"10\r\ndata", b"no number\r\n"])
async def test_a_process_that_ends_in_mid_answer_is_noticed(tmp_path: Path, cut: bytes) -> None:
    async with saying(tmp_path, HEAD + _CHUNKS + cut) as socket:
        with pytest.raises(Broken):
            await lines_of(socket)
