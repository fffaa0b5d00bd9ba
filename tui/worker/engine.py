"""The embedded engine as this program sees it: a process to start, attach to and leave."""

import asyncio
import importlib.util
import os
import shutil
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
from tui.store.files import make_folder

_NEEDS = ("starlette", "uvicorn", "xllamacpp")
_COMMAND = (sys.executable, "-P", "-m", "tui.engine")
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
        self._folder: Path | None = None
        """Where its socket is."""
        self._is_there = False
        """Whether it was once found installed: it is asked for often."""

    def missing(self) -> str:
        """Why it cannot run here and which command mends that; empty if it can."""
        self._is_there = self._is_there or all(map(importlib.util.find_spec, _NEEDS))
        if self._is_there:
            return ""
        return _(
            "The embedded engine is not installed. {command} installs it; then start again."
        ).format(command=_install_command())

    async def start(self) -> Ollama:
        """A client of the engine, which is started if none runs. Raises EngineTrouble."""
        if why := self.missing():
            raise EngineTrouble(why)
        if not self._runs:
            self._forget()
        if client := await self._launched():
            return client
        text = _("The embedded engine did not start: {why}. Its log is {path}.")
        raise EngineTrouble(
            text.format(why=self._last_words() or _("it said nothing"), path=self._log)
        )

    async def _launched(self) -> Ollama | None:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            if client := await self.running():
                return client
            if self._process is None or self._process.poll() == 0:
                # One that ends well gave way to that of another program, which starts, or ends.
                self._forget()
                self._spawn()
            elif not self._runs:
                break
            await asyncio.sleep(_LOOK_AGAIN)
        return None

    async def running(self) -> Ollama | None:
        """The engine that this or another program started before, if it answers."""
        try:
            note = msgspec.json.decode(self._note.read_bytes(), type=_Running)
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            return None
        client = Ollama(HostAddress(socket=note.socket, name=_("the embedded engine")))
        try:
            await client.version()
        except OllamaError:
            await client.aclose()
            return None
        return client

    async def leave(self) -> None:
        """Let the engine end if this was the last program attached, and wait for that a moment."""
        deadline = time.monotonic() + _LEAVE_SECONDS
        # A Popen has no event to wait for.
        while self._runs and time.monotonic() < deadline:  # noqa: ASYNC110
            await asyncio.sleep(_LOOK_AGAIN)
        self._forget()

    @property
    def _runs(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def _forget(self) -> None:
        """No longer wait for the engine that this program started."""
        if self._process is not None and self._runs:
            self._process.returncode = 0  # another program is attached: not ours to wait for
        elif self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        self._process = self._folder = None

    def _spawn(self) -> None:
        import tempfile

        try:
            # A short path: that of a socket has 108 bytes at most.
            self._folder = Path(tempfile.mkdtemp(prefix="ot-"))
            make_folder(self._log.parent)
            with self._log.open("wb") as log:
                # Not asyncio's: its transport would kill the engine when this program ends.
                self._process = subprocess.Popen(
                    [*_COMMAND, "--socket", str(self._folder / "engine"), "--follow"],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=log,
                    start_new_session=True,
                )
        except OSError as error:
            text = _("The embedded engine could not be started: {why}.")
            raise EngineTrouble(text.format(why=error)) from error

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
