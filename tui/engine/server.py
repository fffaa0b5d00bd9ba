"""The engine's HTTP server: uvicorn, ended when it is to be, and with bounds where it has none."""

import asyncio
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from tui.domain.hosts import HostAddress
from tui.engine import app
from tui.engine.service import Engine

IDLE_SECONDS = 24 * 60 * 60
"""Seconds an idle connection stays open: people pause in their chats, and Ollama closes none."""
BACKLOG = 512
_LAST_WORDS_SECONDS = 0.4
_MOST_BYTES = 64 << 10
"""Of the head of a request."""
_TOO_LONG = "The head of the request is too long."


class Server(uvicorn.Server):
    """uvicorn, ending within a second and leaving no model behind."""

    def __init__(self, engine: Engine, address: HostAddress) -> None:
        self._engine = engine
        self._address = address
        self._ended = asyncio.Event()
        application = app.build(engine, check_host=_on_loopback(address))
        super().__init__(
            uvicorn.Config(
                application, http=_Protocol, log_config=None, access_log=False,
                server_header=False, ws="none", lifespan="off",
                timeout_keep_alive=IDLE_SECONDS, backlog=BACKLOG,
            )
        )  # fmt: skip

    async def main_loop(self) -> None:
        """Wait for the end; every second the date that answers bear is set."""
        while not await self.on_tick(0):
            with suppress(TimeoutError):
                async with asyncio.timeout(1):
                    await self._ended.wait()

    def shown(self, bound: socket.socket) -> str:
        """The address clients use."""
        if self._address.socket:
            return f"unix:{self._address.socket}"
        host, port = bound.getsockname()[:2]
        return HostAddress(host=host, port=port).url

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Nothing here: `serve_until_ended` takes the signals, of which there is one more."""
        yield

    async def serve_until_ended(self, bound: socket.socket) -> None:
        """Serve until a signal comes or the last follower has left."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._end)
        lonely = asyncio.create_task(self._engine.followers.left_alone())
        lonely.add_done_callback(lambda _task: self._end())
        try:
            await self.serve(sockets=[bound])
        finally:
            await self._engine.scheduler.close()

    def _end(self) -> None:
        self._engine.scheduler.kill()
        self.should_exit = True
        self._ended.set()
        asyncio.get_running_loop().call_later(_LAST_WORDS_SECONDS, self._force)

    def _force(self) -> None:
        self.force_exit = True


def _on_loopback(address: HostAddress) -> bool:
    """Whether only this machine is meant to be served; then its name is checked in requests."""
    everywhere = address.host in ("0.0.0.0", "::")
    return address.is_local and not everywhere and not address.socket


class _Protocol(HttpToolsProtocol):
    """One client's connection: its parser would take header fields for ever."""

    _inside = False
    _head = 0

    def data_received(self, data: bytes) -> None:
        """Read what came."""
        super().data_received(data)
        self._head = self._head + len(data) if self._inside else 0
        if self._head > _MOST_BYTES and not self.transport.is_closing():
            self.send_400_response(_TOO_LONG)

    def on_message_begin(self) -> None:
        """A head begins."""
        self._inside = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """It is whole."""
        self._inside = False
        super().on_headers_complete()
