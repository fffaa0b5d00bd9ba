"""How the engine answers: JSON that every client reads, line by line or whole."""

import asyncio
import json
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import msgspec
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from tui.engine.errors import EngineError, of_disk

Line = dict[str, Any]
_PLAIN = msgspec.json.Encoder().encode
_ENCODED = json.JSONEncoder(separators=(",", ":")).encode
_NANO = 1_000_000_000
JSON, NDJSON = "application/json; charset=utf-8", "application/x-ndjson"


def now() -> str:
    """The time as clients insist on it: RFC 3339 with a zone."""
    second, rest = divmod(time.time_ns(), _NANO)
    return f"{_second(second)}.{rest // 1000:06}Z"


@lru_cache(maxsize=1)
def _second(second: int) -> str:
    """Written once, for every token pays."""
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second))


def moment(time: datetime) -> str:
    """A time as clients insist on it."""
    return time.astimezone(UTC).isoformat().replace("+00:00", "Z")


def dump(value: object) -> bytes:
    """JSON in ASCII: the official client splits lines at U+2028 and its like too."""
    with suppress(UnicodeEncodeError):  # the name of a file may be no text
        if (told := _PLAIN(value)).isascii():
            return told
    return _ENCODED(value).encode()


class Whole(Response):
    """One JSON object."""

    def __init__(self, value: object, status: int = 200) -> None:
        super().__init__(dump(value), status, media_type=JSON)


class Refusal(Whole):
    """An error, in the form all of Ollama's have."""

    def __init__(self, text: str, status: int) -> None:
        super().__init__({"error": text}, status)


class Watched(ABC):
    """An answer in pieces, of which no more are made once the client is gone.

    No header is sent before the first piece, so that an early failure has its own status; a later
    one is a piece of its own.
    """

    media_type: str

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, as an ASGI application."""
        speaking = asyncio.ensure_future(self._speak(send))
        listening = asyncio.ensure_future(_gone(receive))
        try:
            await asyncio.wait({speaking, listening}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            speaking.cancel()
            listening.cancel()
            await asyncio.wait({speaking, listening})
        if not speaking.cancelled():
            speaking.result()

    @abstractmethod
    def _pieces(self) -> AsyncGenerator[bytes, None]:
        """What to send. May raise EngineError."""

    @abstractmethod
    def _failure(self, error: EngineError, *, started: bool) -> bytes:
        """An error, as the whole answer or behind the pieces that were sent."""

    async def _speak(self, send: Send) -> None:
        started = False
        last = b""
        try:
            async with aclosing(self._pieces()) as pieces:
                async for piece in pieces:
                    if not started:
                        await _head(send, 200, self.media_type)
                        started = True
                    await _body(send, piece, more=True)
        except (EngineError, OSError) as error:
            told = error if isinstance(error, EngineError) else of_disk(error)
            if not started:
                await _head(send, told.status, JSON)
            last = self._failure(told, started=started)
        await _body(send, last)


class Answer(Watched):
    """Lines as they come, those together that come at once, or all joined into one."""

    def __init__(
        self,
        lines: AsyncGenerator[list[Line], None],
        *,
        stream: bool,
        join: Callable[[list[Line]], Line] = lambda lines: lines[-1],
    ) -> None:
        self.media_type = NDJSON if stream else JSON
        self._lines = lines
        self._stream = stream
        self._join = join

    async def _pieces(self) -> AsyncGenerator[bytes, None]:
        async with aclosing(self._lines) as batches:
            if self._stream:
                async for lines in batches:
                    if lines:
                        yield b"".join([dump(line) + b"\n" for line in lines])
            else:
                yield dump(self._join([line async for lines in batches for line in lines]))

    def _failure(self, error: EngineError, *, started: bool) -> bytes:
        return dump({"error": str(error)}) + b"\n" * started


async def steps(lines: AsyncGenerator[Line, None]) -> AsyncGenerator[list[Line], None]:
    """The lines of a task that tells one at a time."""
    async with aclosing(lines):
        async for line in lines:
            yield [line]


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _head(send: Send, status: int, media_type: str) -> None:
    headers = [(b"content-type", media_type.encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})


async def _body(send: Send, data: bytes, *, more: bool = False) -> None:
    await send({"type": "http.response.body", "body": data, "more_body": more})
