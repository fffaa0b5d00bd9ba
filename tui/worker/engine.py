"""The embedded engine as this program sees it: a process to start, attach to and leave."""

import asyncio
import importlib.util
import os
import subprocess
import sys
import time
from pathlib import Path

import msgspec

from tui.api.client import Ollama
from tui.api.errors import OllamaError
from tui.domain.hosts import HostAddress
from tui.domain.language import _
from tui.domain.places import Places

_NEEDS = ("starlette", "uvicorn", "xllamacpp")
_START_SECONDS = 30.0
_LEAVE_SECONDS = 0.6
_LOOK_AGAIN = 0.05


class EngineTrouble(OllamaError):
    """The embedded engine did not start."""


class _Running(msgspec.Struct):
    socket: str
    pid: int


class EmbeddedEngine:
    """Starts the engine, or attaches to the one that another program started.

    The engine ends by itself when the last program that is attached has left.
    """

    def __init__(self, places: Places) -> None:
        self._note = places.state / "engine.json"
        self._log = places.log / "engine.log"
        self._process: subprocess.Popen[bytes] | None = None
        """The engine, if this program started it."""

    def missing(self) -> str:
        """Why it cannot run here and which command mends that; empty if it can."""
        if all(importlib.util.find_spec(name) for name in _NEEDS):
            return ""
        return _(
            "The embedded engine is not installed. {command} installs it; then start again."
        ).format(command=_install_command())

    async def start(self) -> Ollama:
        """A client of the engine, which is started if none runs. Raises EngineTrouble."""
        if why := self.missing():
            raise EngineTrouble(why)
        return await self._running() or await self._launch()

    async def _running(self) -> Ollama | None:
        """The engine that this or another program started before, if it answers."""
        try:
            note = msgspec.json.decode(self._note.read_bytes(), type=_Running)
        except (OSError, msgspec.MsgspecError):
            return None
        client = Ollama(HostAddress(socket=note.socket))
        try:
            await client.version()
        except OllamaError:
            await client.aclose()
            return None
        return client

    async def leave(self) -> None:
        """Let the engine end if this was the last program attached, and wait for that a moment."""
        process, self._process = self._process, None
        if process is None:
            return
        deadline = time.monotonic() + _LEAVE_SECONDS
        # A Popen has no event to wait for.
        while process.poll() is None and time.monotonic() < deadline:  # noqa: ASYNC110
            await asyncio.sleep(_LOOK_AGAIN)
        if process.poll() is None:
            process.returncode = 0  # another program is attached: no longer ours to wait for

    async def _launch(self) -> Ollama:
        import tempfile

        # A short path: that of a socket has 108 bytes at most.
        socket = Path(tempfile.mkdtemp(prefix="ot-")) / "engine"
        self._log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._log.open("ab") as log:
            # Not asyncio's: its transport would kill the engine when this program ends.
            process = self._process = subprocess.Popen(  # noqa: ASYNC220 - forks, waits for nothing
                [sys.executable, "-P", "-m", "tui.engine", "--socket", str(socket), "--follow"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + _START_SECONDS
        while process.poll() is None and time.monotonic() < deadline:
            if client := await self._running():
                return client
            await asyncio.sleep(_LOOK_AGAIN)
        if client := await self._running():  # another program was faster
            return client
        raise EngineTrouble(
            _("The embedded engine did not start: {why}. Its log is {path}.").format(
                why=self._last_words() or _("it said nothing"), path=self._log
            )
        )

    def _last_words(self) -> str:
        try:
            lines = self._log.read_text("utf-8", "replace").splitlines()
        except OSError:
            return ""
        return next((line.strip() for line in reversed(lines) if line.strip()), "")


def _install_command() -> str:
    """The command that adds the extra, for the way in which this program was installed."""
    folder = Path(sys.prefix)
    if "pipx" in folder.parts:
        return "pipx inject ollama-tui 'ollama-tui[local]'"
    if (folder / "uv-receipt.toml").exists():
        return "uv tool install 'ollama-tui[local]'"
    checkout = Path(__file__).resolve().parents[2]
    is_checkout = (checkout / "pyproject.toml").exists()
    what = f"{os.path.relpath(checkout)}[local]" if is_checkout else "ollama-tui[local]"
    return f"{sys.executable} -m pip install '{what}'"
