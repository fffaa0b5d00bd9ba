"""A program on a pseudo-terminal of its own, as a shell would start it."""

import fcntl
import os
import signal
import struct
import sys
import termios
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

TUI = (sys.executable, "-P", "-m", "tui")
"""The program; -P, so that an installed one is tested and not the folder we stand in."""

ABOUT_TERMINALS = frozenset(
    {
        *("COLORFGBG", "COLORTERM", "COLUMNS", "LINES", "NO_COLOR", "TERM", "TMUX", "STY"),
        *("TERM_PROGRAM", "LC_TERMINAL", "WT_SESSION"),
    }
)
"""What is said of the tests' own terminal."""
PLAIN_TERMINAL = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
_OURS = ABOUT_TERMINALS | {"PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"}
"""And what would make start-up dearer than it is."""


def environment(home: Path, **changes: str) -> dict[str, str]:
    """The variables of a plain terminal in which our program has a home of its own."""
    kept = {
        key: value
        for key, value in os.environ.items()
        if key not in _OURS and not key.startswith(("OLLAMA_", "TEXTUAL"))
    }
    # Nothing listens there: what is asked of the public registry is refused at once.
    offline = {"HTTPS_PROXY": "http://127.0.0.1:9"}
    return kept | PLAIN_TERMINAL | offline | {"OLLAMA_TUI_HOME": str(home)} | changes


def _given() -> list[int]:
    """Open files, beside the standard ones, that a program started by us would have as well."""
    numbers = [int(each.name) for each in Path("/dev/fd").iterdir()]
    return [number for number in numbers if number > 2 and _is_inherited(number)]


def _is_inherited(number: int) -> bool:
    try:
        return os.get_inheritable(number)
    except OSError:  # that of the listing itself is closed again
        return False


class PtyProcess:
    """A running program and the master side of its terminal."""

    def __init__(
        self, command: Sequence[str], size: tuple[int, int], env: Mapping[str, str]
    ) -> None:
        master, slave = os.openpty()
        self.master = os.fdopen(master, "r+b", buffering=0)
        try:
            self.set_size(size)
            # A session leader that opens a terminal gets it as its own: ctrl-c and hang-ups work.
            opened = (os.POSIX_SPAWN_OPEN, 0, os.ttyname(slave), os.O_RDWR, 0)
            copied = [(os.POSIX_SPAWN_DUP2, 0, number) for number in (1, 2)]
            # What we were given ourselves, such as a lock, is not for what may outlive us.
            closed = [(os.POSIX_SPAWN_CLOSE, number) for number in _given()]
            self.pid = os.posix_spawnp(
                command[0],
                [*command],
                {**env},
                file_actions=[opened, *copied, *closed],
                setsid=True,
            )
        finally:
            os.close(slave)
        self._exit_code: int | None = None

    @property
    def exit_code(self) -> int | None:
        """None while it runs; -9 if signal 9 ended it."""
        if self._exit_code is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self._exit_code = os.waitstatus_to_exitcode(status)
        return self._exit_code

    def read(self) -> bytes:
        """What was written, at least one byte; nothing once the program has gone."""
        try:
            return self.master.read(65536) or b""
        except (OSError, ValueError):  # a closed one, whose number may be another's by now
            return b""

    def write(self, data: bytes) -> None:
        with suppress(OSError, ValueError):
            self.master.write(data)

    def set_size(self, size: tuple[int, int]) -> None:
        """Columns and rows; the kernel tells the program."""
        columns, rows = size
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def kill(self, number: signal.Signals) -> None:
        if self.exit_code is None:
            os.kill(self.pid, number)

    def hang_up(self) -> None:
        """Close the terminal, as a lost window does."""
        self.master.close()
