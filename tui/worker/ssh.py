"""The system's ssh, run so that it ends with this program, however that ends."""

import asyncio
import contextlib
import os
import shutil
from asyncio.subprocess import DEVNULL, PIPE
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from tui.domain.boxes import Box

_WITH_US = 'exec 3<&0 </dev/null; { read -r _; kill 0; } <&3 >/dev/null 2>&1 & exec "$@" 3<&-'
"""Its stdin is a pipe from us: when that closes, be it by `kill -9`, the whole group ends."""
_OPTIONS = (
    "-N", "-T", "-a", "-x", "-S", "none",  # a shared connection would outlive us, or end before
    "-o", "BatchMode=yes",
    "-o", "ConnectTimeout=10",
    "-o", "ServerAliveInterval=15",
    "-o", "ServerAliveCountMax=3",
    "-o", "StreamLocalBindUnlink=yes",
    "-o", "StreamLocalBindMask=0177",
    "-o", "PermitLocalCommand=no",
    "-o", "RemoteCommand=none",
    # A LocalForward of the user's may be taken by another ssh; that ours stands, its socket tells.
    "-o", "ExitOnForwardFailure=no",
)  # fmt: skip
LogLevel = Literal["INFO", "DEBUG1"]
"""Whether ssh tells only of troubles, or of each step too."""
_KEPT = 200
_LONGEST = 1 << 14
_LEAVE_SECONDS = 0.5
_LOOK_AGAIN = 0.02


def program() -> str | None:
    """Where ssh is."""
    return shutil.which("ssh")


class Ssh(asyncio.SubprocessProtocol):
    """One run of ssh with a forward from a socket here to a server there."""

    def __init__(self, box: Box, socket: Path, level: LogLevel = "INFO") -> None:
        self.box = box
        self.said: deque[str] = deque(maxlen=_KEPT)
        """Its last lines."""
        self.ended = asyncio.Event()
        self.when_ended: Callable[[], object] = bool
        self._socket = socket
        self._level = level
        self._rest = b""
        self._transport: asyncio.SubprocessTransport | None = None

    async def start(self, path: str) -> None:
        """Run the ssh at `path`. Raises OSError."""
        forward = f"{self._socket}:{self.box.target}"
        words = [*_OPTIONS, "-o", f"LogLevel={self._level}", "-L", forward, *self.box.words]
        await asyncio.get_running_loop().subprocess_exec(
            lambda: self,
            *("/bin/sh", "-c", _WITH_US, "sh", path, *words),
            stdin=PIPE,
            stdout=DEVNULL,
            stderr=PIPE,
            start_new_session=True,  # no terminal to ask anything on, and no signals of ours
            env={**os.environ, "SSH_ASKPASS_REQUIRE": "never"},
        )

    async def listens(self, seconds: float) -> bool:
        """Whether the forward stands, which it does once the box let us in."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not self._socket.is_socket():
                    if await self._ends_within(_LOOK_AGAIN):
                        return False
                return True
        return False

    async def _ends_within(self, seconds: float) -> bool:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.ended.wait(), seconds)
        return self.ended.is_set()

    def forget(self, old: Callable[[str], bool]) -> None:
        """Drop lines that may no longer be true."""
        kept = [line for line in self.said if not old(line)]
        self.said.clear()
        self.said += kept

    async def close(self) -> None:
        """End it and what it started, and wait for that a moment."""
        if self._transport is None:
            return
        self.when_ended = bool
        try:
            self._let_go()
            await self._ends_within(_LEAVE_SECONDS)
        finally:
            self._transport.close()

    def _let_go(self) -> None:
        stdin = self._transport.get_pipe_transport(0) if self._transport else None
        if stdin is not None:
            stdin.close()

    # --- what asyncio calls ---

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.SubprocessTransport)
        self._transport = transport

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        *lines, self._rest = (self._rest + data[-_LONGEST:]).split(b"\n")
        self._rest = self._rest[-_LONGEST:]
        self.said += (line.decode(errors="replace").strip() for line in lines)

    def process_exited(self) -> None:
        self._let_go()  # a command that ssh went through may still be there

    def connection_lost(self, exc: Exception | None) -> None:
        if self._transport:
            self._transport.close()
        self.ended.set()
        self.when_ended()
