"""The real program in a real terminal, for tests.

    async with Terminal("--host", fake.url, home=tmp_path) as terminal:
        await terminal.until("llama3.2:3b")
        terminal.press("Hi\r")
        await terminal.until("Hello.")
        terminal.press("\x11")
        assert await terminal.exit_code() == 0

It lives in the test's own event loop, so a fake server beside it goes on answering.
"""

import asyncio
import re
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from signal import SIGKILL, Signals
from typing import Self

from ptyprocess import TUI, PtyProcess, environment
from ptyscreen import Display

_POLL = 0.02
"""Seconds between two looks at what no output tells: an exit code, a file."""

Wanted = str | re.Pattern[str] | Callable[[], object]


class Terminal:
    """A window with the program in it."""

    def __init__(
        self,
        *arguments: str,
        home: Path,
        size: tuple[int, int] = (120, 40),
        command: Sequence[str] = TUI,
        mute: bool = False,
        **variables: str,
    ) -> None:
        self._command = [*command, *arguments]
        self._environment = environment(home, **variables)
        self._size = size
        self.display = Display(*size)
        self.output = bytearray()
        """All that was written."""
        self._changed = asyncio.Event()
        self._silent = False
        self._mute = mute
        """Whether no question is answered."""

    async def __aenter__(self) -> Self:
        self._process = PtyProcess(self._command, self._size, self._environment)
        asyncio.get_running_loop().add_reader(self._process.master, self._read)
        return self

    async def __aexit__(self, *exc: object) -> None:
        self._process.kill(SIGKILL)
        await self._until(lambda: self._process.exit_code is not None, 10, "its end")
        self.close()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def text(self) -> str:
        """The screen as it stands."""
        return self.display.screen.text()

    def has(self, wanted: str | re.Pattern[str]) -> bool:
        """Whether it is on the screen."""
        return wanted in self.text if isinstance(wanted, str) else bool(wanted.search(self.text))

    async def until(self, wanted: Wanted, seconds: float = 20.0) -> None:
        """Wait until a text is on the screen, or until something is true."""
        if callable(wanted):
            await self._until(wanted, seconds, getattr(wanted, "__name__", "something"))
        else:
            text = wanted
            await self._until(lambda: self.has(text), seconds, repr(text))

    async def more(self, seconds: float = 20.0) -> None:
        """Wait until anything more is written."""
        before = len(self.output)
        await self._until(lambda: len(self.output) > before, seconds, "more output")

    async def gone(self, text: str, seconds: float = 20.0) -> None:
        """Wait until a text is no longer on the screen."""
        await self._until(lambda: not self.has(text), seconds, f"{text!r} to go")

    def press(self, keys: str) -> None:
        """Type; ctrl-q is \\x11."""
        self._process.write(keys.encode())

    def resize(self, columns: int, rows: int) -> None:
        """Pull the window to another size."""
        self.display.screen.resize(rows, columns)
        self._process.set_size((columns, rows))

    def kill(self, number: Signals) -> None:
        """Send the program a signal."""
        self._process.kill(number)

    def hold(self) -> None:
        """Take nothing of what is written."""
        asyncio.get_running_loop().remove_reader(self._process.master)

    def go_on(self) -> None:
        """Take it again."""
        asyncio.get_running_loop().add_reader(self._process.master, self._read)

    @property
    def lives(self) -> bool:
        """Whether the program runs."""
        return self._process.exit_code is None

    def close(self) -> None:
        """Close the window; what is in it is told."""
        if not self._silent:
            self._silent = True
            asyncio.get_running_loop().remove_reader(self._process.master)
        self._process.hang_up()

    async def exit_code(self, seconds: float = 10.0) -> int:
        """Wait for the program's end and for all that it wrote; -9 if signal 9 ended it."""
        await self._until(lambda: self.ended, seconds, "its end")
        code = self._process.exit_code
        assert code is not None
        return code

    @property
    def ended(self) -> bool:
        """Whether the program is gone and all that it wrote is on the screen."""
        return self._silent and self._process.exit_code is not None

    def _read(self) -> None:
        data = self._process.read()
        if not data:
            self._silent = True
            asyncio.get_running_loop().remove_reader(self._process.master)
        self.output += data
        answers = self.display.feed(data)
        if not self._mute:
            self._process.write(answers)
        self._changed.set()

    async def _until(self, true: Callable[[], object], seconds: float, what: str) -> None:
        deadline = time.monotonic() + seconds
        while not true():
            if time.monotonic() > deadline or (self.ended and not true()):
                code = self._process.exit_code
                state = "still runs" if code is None else f"has ended with {code}"
                raise AssertionError(f"the program {state}; waited for {what}\n{self.text}")
            self._changed.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), _POLL)
