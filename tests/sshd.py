"""A real sshd on loopback with keys and settings of its own, and an ssh that knows them."""

import asyncio
import os
import pwd
import shlex
import shutil
import socket
import subprocess
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Self

import psutil
import pytest

from eventually import eventually, lives

_SSHD = shutil.which("sshd") or shutil.which("sshd", path="/usr/sbin:/usr/local/sbin")


def _is_locked_out() -> bool:
    """Whether sshd, where it can look, finds that nobody may sign in as us."""
    name = pwd.getpwuid(os.geteuid()).pw_name
    try:
        lines = Path("/etc/shadow").read_text().splitlines()
    except OSError:
        return False
    return any(line.startswith(f"{name}:!") for line in lines)


_CAN = _SSHD and shutil.which("ssh-keygen") and shutil.which("ssh") and not _is_locked_out()
needs_sshd = pytest.mark.skipif(not _CAN, reason="no sshd here that would let us in")
_SETTINGS = """
ListenAddress 127.0.0.1
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin yes
"""


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Sshd:
    """Runs while entered; lets in who has the key `user`, and is known to its `ssh`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.settings = [_SETTINGS]
        self._process: asyncio.subprocess.Process | None = None
        folder.mkdir(mode=0o700, exist_ok=True)
        for name in ("host", "user", "other"):
            words = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)]
            subprocess.run(words, check=True)
        shutil.copy(folder / "user.pub", folder / "authorized")
        self.know("host")
        self.use_key("user")

    @property
    def url(self) -> str:
        """What is to be written for this box, and the port of the Ollama behind it."""
        return f"ssh://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        """What sshd wrote so far."""
        return (self.folder / "sshd.log").read_text()

    def know(self, key: str) -> None:
        """Let ssh take this for the box's own key."""
        public = " ".join((self.folder / f"{key}.pub").read_text().split()[:2])
        (self.folder / "known").write_text(f"[127.0.0.1]:{self.port} {public}\n")

    def forget(self) -> None:
        """Let ssh know no key of the box."""
        (self.folder / "known").write_text("")

    def use_key(self, key: str, *more: str) -> None:
        """Let ssh sign in with this key, and go by these settings."""
        lines = [
            f"IdentityFile {self.folder / key}",
            "IdentitiesOnly yes",
            f"UserKnownHostsFile {self.folder / 'known'}",
            "GlobalKnownHostsFile none",
            *more,
        ]
        (self.folder / "ssh_config").write_text("\n".join(lines))

    def put_on_path(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Make the program find an ssh that reads these settings: the real one reads the home's."""
        programs = self.folder / "bin"
        programs.mkdir(exist_ok=True)
        wrapper = programs / "ssh"
        real = shlex.join([str(shutil.which("ssh")), "-F", str(self.folder / "ssh_config")])
        wrapper.write_text(f'#!/bin/sh\nexec {real} "$@"\n')
        wrapper.chmod(0o755)
        monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")

    async def __aenter__(self) -> Self:
        if os.geteuid() == 0:
            Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # sshd asks for it
        settings = self.folder / "sshd_config"
        keys = f"HostKey {self.folder / 'host'}\nAuthorizedKeysFile {self.folder / 'authorized'}\n"
        settings.write_text(f"Port {self.port}\n{keys}" + "\n".join(self.settings))
        with (self.folder / "sshd.log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(str(_SSHD), "-D", "-e", "-f", str(settings)), stderr=log, start_new_session=True
            )
        await eventually(self._answers, "sshd")
        return self

    async def __aexit__(self, *exc: object) -> None:
        self.hang_up()
        if self._process:
            self._process.kill()
            await self._process.wait()

    def hang_up(self) -> None:
        """End every session that runs."""
        for session in self._sessions():
            with suppress(psutil.NoSuchProcess):
                session.kill()

    def freeze(self) -> None:
        """Let every session that runs fall silent, as a line does that is cut."""
        for session in self._sessions():
            with suppress(psutil.NoSuchProcess):
                session.suspend()

    def _sessions(self) -> list[psutil.Process]:
        return psutil.Process(self._process.pid).children(recursive=True) if self._process else []

    def _answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


def ssh_processes(port: int) -> set[int]:
    """Everything that runs for the tunnels to a box: ssh, and the shell that watches us."""
    found = set()
    for process in psutil.process_iter(["cmdline"]):
        words: Iterable[str] = process.info["cmdline"] or ()
        if "-N" in words and str(port) in words and lives(process.pid):
            found.add(process.pid)
    return found


async def nothing_left(port: int, seconds: float = 5.0) -> None:
    """Wait until none of them is there."""
    await eventually(lambda: not ssh_processes(port), "the end of the tunnel", seconds)
