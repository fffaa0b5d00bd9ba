"""A small HTTP/1.1 server on asyncio streams: real sockets, and every byte in the test's hands."""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import Any, Self

_BROKEN = (ConnectionError, asyncio.IncompleteReadError)


class Aborted(Exception):
    """The server itself cut the connection."""


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    target: str
    headers: Mapping[str, str]
    """Names in lower case."""
    raw: bytes

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def body(self) -> dict[str, Any]:
        """The JSON object that was sent; an empty one for anything else."""
        try:
            body = json.loads(self.raw)
        except ValueError:
            return {}
        return body if isinstance(body, dict) else {}


class Reply:
    """What goes back to one request: whole, or line by line."""

    def __init__(self, writer: asyncio.StreamWriter, method: str) -> None:
        self._writer = writer
        self._method = method
        self.lines = 0

    async def write(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    async def send(
        self, body: bytes, status: str = "200 OK", kind: str = "application/json; charset=utf-8"
    ) -> None:
        head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
        await self.write(head.encode() + (b"" if self._method == "HEAD" else body))

    async def json(self, data: object, status: str = "200 OK") -> None:
        await self.send(json.dumps(data).encode(), status)

    async def chunk(self, data: bytes, kind: str = "application/x-ndjson") -> None:
        """A piece of a stream; as with Ollama, the headers go out with the first."""
        if not self.lines:
            await self.write(
                f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n"
                "Transfer-Encoding: chunked\r\n\r\n".encode()
            )
        self.lines += 1
        await self.write(b"%x\r\n%s\r\n" % (len(data), data))

    async def line(self, data: object) -> None:
        await self.chunk(json.dumps(data, ensure_ascii=False).encode() + b"\n")

    async def end(self) -> None:
        await self.write(b"0\r\n\r\n")

    def abort(self) -> None:
        """Cut the connection, as a killed server does."""
        self._writer.transport.abort()
        raise Aborted

    def hang_up(self) -> None:
        """Close the connection once what was written has gone out."""
        self._writer.close()
        raise Aborted

    async def silence(self) -> None:
        """Say nothing more until the client goes away."""
        await asyncio.Event().wait()


class HttpServer:
    """Listens while entered; `answer` says what to do. Remembers who hung up on an answer."""

    host: str = "127.0.0.1"
    port: int = 0
    """0 is any free one, and then the one that was found."""
    socket: str = ""
    """The path of a unix socket to listen on instead."""

    def __init__(self) -> None:
        self.hung_up: list[str] = []
        """Paths of the requests whose client went away before the answer's end."""
        self.accepted = 0
        """How many connections there have been."""
        self._connections: set[asyncio.Task[None]] = set()
        self._listener: asyncio.Server | None = None

    async def answer(self, request: Request, reply: Reply) -> None:
        raise NotImplementedError

    @property
    def url(self) -> str:
        return f"unix:{self.socket}" if self.socket else f"http://{self.host}:{self.port}"

    async def __aenter__(self) -> Self:
        if self.socket:
            self._listener = await asyncio.start_unix_server(self._accept, self.socket)
        else:
            self._listener = await asyncio.start_server(self._accept, self.host, self.port)
            self.port = self._listener.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.stop()

    async def stop(self) -> None:
        """Close the port and every connection; the port can be opened again by entering."""
        assert self._listener is not None
        self._listener.close()
        for task in (connections := [*self._connections]):
            task.cancel()
        for result in await asyncio.gather(*connections, return_exceptions=True):
            if isinstance(result, Exception):
                raise result

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.accepted += 1
        task = asyncio.create_task(self._serve(reader, writer))
        self._connections.add(task)
        task.add_done_callback(self._forget)

    def _forget(self, task: asyncio.Task[None]) -> None:
        if task.cancelled() or task.exception() is None:  # a bug in `answer` is told by `stop`
            self._connections.discard(task)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        byte: bytes | None = b""
        try:
            while byte is not None and (request := await _read(reader, byte)):
                answer = self.answer(request, Reply(writer, request.method))
                byte = await self._watch(answer, reader, request)
        except (Aborted, *_BROKEN):
            pass
        finally:
            writer.close()
            with contextlib.suppress(*_BROKEN):
                await writer.wait_closed()

    async def _watch(
        self, answer: Awaitable[None], reader: asyncio.StreamReader, request: Request
    ) -> bytes | None:
        """Answer unless the client goes away first; None then, else what was read of the next."""
        answering = asyncio.ensure_future(answer)
        listening = asyncio.create_task(reader.read(1))
        try:
            await asyncio.wait({answering, listening}, return_when=asyncio.FIRST_COMPLETED)
            if answering.done() or await listening:
                await answering
                return listening.result() if listening.done() else b""
        except _BROKEN:
            pass
        finally:
            for task in (answering, listening):
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError, Aborted, *_BROKEN):
                    await task
        self.hung_up.append(request.path)
        return None


async def _read(reader: asyncio.StreamReader, first: bytes) -> Request | None:
    line = first + await reader.readline()
    if not line.strip():
        return None
    if line.count(b" ") < 2:
        return None  # not HTTP: someone who wants TLS, say
    method, target, _version = line.decode("latin-1").split(" ", 2)
    headers: dict[str, str] = {}
    while raw := (await reader.readline()).strip():
        name, _colon, value = raw.decode("latin-1").partition(":")
        headers[name.strip().lower()] = value.strip()
    return Request(method, target, headers, await _read_body(reader, headers))


async def _read_body(reader: asyncio.StreamReader, headers: Mapping[str, str]) -> bytes:
    if headers.get("transfer-encoding", "").lower() != "chunked":
        return await reader.readexactly(int(headers.get("content-length", 0)))
    parts: list[bytes] = []
    while size := int((await reader.readline()).split(b";")[0], 16):
        parts.append(await reader.readexactly(size))
        await reader.readline()
    await reader.readline()
    return b"".join(parts)
