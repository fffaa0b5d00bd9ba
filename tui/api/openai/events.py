"""The events of a text/event-stream (WHATWG HTML, section 9.2), as far as chats need them."""

import re
from collections.abc import AsyncGenerator, AsyncIterator, Iterator

import msgspec

from tui.api.errors import BadAnswer
from tui.api.lines import LIMIT
from tui.domain.language import _
from tui.domain.units import size

DONE = b"[DONE]"
"""What stands for the end of an answer."""
_END = re.compile(rb"\r\n|\n|\r(?=[^\n])")
"""The end of a line; one that is cut behind its \\r is not known to be whole."""


async def events(chunks: AsyncIterator[bytes], limit: int = LIMIT) -> AsyncGenerator[bytes, None]:
    """What each event carries, however the bytes were cut; comments and names are left out."""
    reader = _Reader()
    async for chunk in chunks:
        for event in reader.take(chunk):
            yield event
        if reader.waiting > limit:
            raise BadAnswer(_too_long(limit))
    for event in reader.end():
        yield event


class _Reader:
    """Puts events together from bytes, lines and fields."""

    def __init__(self) -> None:
        self._rest = bytearray()
        self._data: list[bytes] = []

    @property
    def waiting(self) -> int:
        """Bytes of a line that is not whole yet."""
        return len(self._rest)

    def take(self, chunk: bytes) -> Iterator[bytes]:
        """The events that some more bytes end."""
        self._rest += chunk
        if b"\n" in chunk or b"\r" in self._rest:
            *lines, rest = _END.split(self._rest)
            self._rest = bytearray(rest)
            for line in lines:
                yield from self._line(bytes(line))

    def end(self) -> Iterator[bytes]:
        """What is left, if it is whole: servers forget the last empty line, or are cut off."""
        for line in (bytes(self._rest.removesuffix(b"\r")), b""):
            yield from filter(_is_whole, self._line(line))

    def _line(self, line: bytes) -> Iterator[bytes]:
        name, _colon, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if name == b"data":
            self._data.append(value)
        elif name == b"error":  # llama.cpp until 2025
            yield b'{"error":%s}' % value
        elif line.startswith(b"{"):  # no event at all: LM Studio answers so what it does not know
            yield line
        elif not line and self._data:
            yield b"\n".join(self._data)
            self._data.clear()


def _is_whole(event: bytes) -> bool:
    try:
        return event == DONE or bool(msgspec.json.decode(event))
    except msgspec.DecodeError:
        return False


def _too_long(limit: int) -> str:
    text = _(
        "The server sent more than {limit} without a line end. That is no answer of a model; look "
        "at what listens at this address."
    )
    return text.format(limit=size(limit))
