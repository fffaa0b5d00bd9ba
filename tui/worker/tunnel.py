"""The way over ssh to the Ollama of one box: opened when it is needed, and again when it broke."""

import asyncio
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from secrets import token_hex

import msgspec

from tui.api.errors import OllamaError, Unreachable
from tui.api.probe import probe
from tui.domain import clock
from tui.domain.boxes import Box
from tui.domain.hosts import HostAddress
from tui.domain.language import _
from tui.domain.obstacles import Obstacle, is_blocked, no_program, obstacle, too_slow
from tui.domain.status import TunnelState
from tui.worker.ssh import LogLevel, Ssh, program

_OPENING_SECONDS = 30.0
_CALM_SECONDS = 1.0
"""After a failure everybody is told the same for so long, rather than trying once more each."""
_SLOWEST = 60.0
_LASTING = 300.0
"""Seconds between tries of what time does not mend: boxes lock out who tries often."""


class TunnelTrouble(Unreachable):
    """The tunnel does not stand, or no server is behind it."""

    def __init__(self, box: Box, found: Obstacle) -> None:
        super().__init__(f"{box.shown}: {found.text}")
        self.obstacle = found


class Tunnel:
    """Leads from a socket here, in a folder that only the user can enter, to a box's Ollama."""

    said: Sequence[str] = ()
    """The last lines of the last ssh."""

    def __init__(
        self,
        address: HostAddress,
        box: Box,
        changed: Callable[[], object] = bool,
        level: LogLevel = "INFO",
    ) -> None:
        self._box = box
        self._level = level
        self.leads_to = address
        self._folder = Path(tempfile.gettempdir(), f"ot-{token_hex(8)}")
        # A short path: that of a socket has 108 bytes at most.
        self._socket = self._folder / "ollama"
        self.address = msgspec.structs.replace(address, socket=str(self._socket))
        """Where the box's Ollama is asked."""
        self.state: TunnelState = "down"
        self.since: datetime | None = None
        self._changed = changed
        self._ssh: Ssh | None = None
        self._opening = asyncio.Lock()
        self._trouble: TunnelTrouble | None = None
        self._failures, self._failed_at = 0, 0.0

    @property
    def pause(self) -> float:
        """Seconds until it is worth another try."""
        if self._trouble is None:
            return 0
        return _LASTING if self._trouble.obstacle.lasting else min(2.0**self._failures, _SLOWEST)

    async def reach(self) -> None:
        """Open it unless it is open. Raises TunnelTrouble."""
        async with self._opening:
            if self._ssh is None:
                if self._trouble and time.monotonic() - self._failed_at < _CALM_SECONDS:
                    raise self._trouble
                await self._open()
            if self._ssh and self._is_blocked:
                await self._look_behind(self._ssh)

    def meant(self, error: OllamaError) -> OllamaError:
        """What a request's failure means, where ssh knows better why."""
        if self._ssh and self._is_blocked:
            return TunnelTrouble(self._box, obstacle(self._box, self._ssh.said))
        return error

    async def aclose(self) -> None:
        """End ssh; nothing of it is left behind."""
        ssh, self._ssh = self._ssh, None
        if ssh:
            await ssh.close()
        await asyncio.to_thread(shutil.rmtree, self._folder, ignore_errors=True)

    @property
    def _is_blocked(self) -> bool:
        return self._ssh is not None and any(is_blocked(line) for line in self._ssh.said)

    async def _open(self) -> None:
        self._be("opening")
        ssh = Ssh(self._box, self._socket, self._level)
        self.said = ssh.said
        try:
            await self._start(ssh)
            ssh.when_ended = self._broke
            self._ssh, self._trouble, self._failures = ssh, None, 0
            self._be("up")
            await self._look_behind(ssh)
        except TunnelTrouble as trouble:
            if self._ssh is None:
                self._note(trouble)
            raise
        finally:
            if self._ssh is None:
                await ssh.close()
                self._be("down")

    async def _start(self, ssh: Ssh) -> None:
        path = program()
        if path is None:
            raise TunnelTrouble(self._box, no_program())
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            self._socket.unlink(missing_ok=True)  # one of before would be taken for the new one
            await ssh.start(path)
        except OSError as error:
            said = _("ssh could not be started: {why}").format(why=error.strerror or error)
            raise TunnelTrouble(self._box, Obstacle("program", said)) from error
        if await ssh.listens(_OPENING_SECONDS):
            return
        found = obstacle(self._box, ssh.said) if ssh.ended.is_set() else None
        raise TunnelTrouble(self._box, found or too_slow(self._box, _OPENING_SECONDS))

    async def _look_behind(self, ssh: Ssh) -> None:
        """Ask the server behind once: whether it is there, ssh tells only then."""
        ssh.forget(is_blocked)
        await probe(self.address)
        if self._is_blocked:
            raise TunnelTrouble(self._box, obstacle(self._box, ssh.said))

    def _broke(self) -> None:
        """What stood has ended by itself."""
        ssh, self._ssh = self._ssh, None
        if ssh:
            self._note(TunnelTrouble(self._box, obstacle(self._box, ssh.said)))
            self._failed_at = 0.0  # the first try to mend it is made at once
        self._be("down")

    def _note(self, trouble: TunnelTrouble) -> None:
        self._trouble = trouble
        self._failures += 1
        self._failed_at = time.monotonic()

    def _be(self, state: TunnelState) -> None:
        if state != self.state:
            self.state, self.since = state, clock.now()
            self._changed()
