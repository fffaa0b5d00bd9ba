"""Drives a full-screen program in a pseudo-terminal and measures it.

    with Program(["ollama-tui"], home=folder) as program:
        program.wait_for("Ready")
        program.send("hello\r")
        print(program.text, program.cpu())

`speed=Speed(10_000, 0.3)` puts a slow line between the program and the terminal.
"""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from signal import SIGKILL, SIGTERM, Signals
from typing import Self

import psutil

from ptyline import Line, Speed
from ptyprocess import PtyProcess, environment
from ptyscreen import Display

_LOOK = 0.05
"""Seconds of waiting for output before a condition is looked at again."""


def cpu_of(process: psutil.Process) -> float:
    """Seconds of CPU of a process without its children: from its clock, which has no ticks."""
    try:
        # What clock_getcpuclockid(3) gives on Linux.
        return time.clock_gettime((~process.pid << 3) | 2)
    except OSError:
        return sum(process.cpu_times()[:2])


class TimedOut(Exception):
    """What was waited for did not come; the text has the screen."""


@dataclass(frozen=True, slots=True)
class Spent:
    """What a stretch of the program's life took."""

    wall: float
    cpu: float
    bytes: int


class Program:
    """A program, its terminal, and a watch on both."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        home: Path,
        size: tuple[int, int] = (120, 40),
        speed: Speed | None = None,
        **variables: str,
    ) -> None:
        self.display = Display(*size)
        self.chunks: list[tuple[float, int]] = []
        """When something came, and how many bytes."""
        self.recent = b""
        """The last output, for a look at what was drawn."""
        self.seen: dict[str, float] = {}
        """When a text that was watched for came on the screen."""
        self._watched_for: set[str] = set()
        self.started = time.monotonic()
        self._process = PtyProcess(command, size, environment(home, **variables))
        self._watched = psutil.Process(self._process.pid)
        self.line = Line(self._process, speed)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    # --- the screen ---

    @property
    def text(self) -> str:
        return self.display.screen.text()

    @property
    def total(self) -> int:
        """Bytes written so far."""
        return sum(size for _time, size in self.chunks)

    def pump(self, seconds: float = 0.0) -> float | None:
        """Draw one chunk; the result is its time, None if nothing came."""
        chunk = self.line.next(seconds)
        if chunk is None:
            return None
        arrived, data = chunk
        self.chunks.append((arrived, len(data)))
        self.recent = (self.recent + data)[-65536:]
        if answers := self.display.feed(data):
            self.line.send(answers)
        for text in [each for each in self._watched_for if each in self.text]:
            self._watched_for.remove(text)
            self.seen[text] = arrived
        return arrived

    def watch(self, text: str) -> None:
        """Note in `seen` when this text comes on the screen."""
        self._watched_for.add(text)

    def wait_until(self, true: Callable[[], bool], seconds: float = 30.0, what: str = "") -> float:
        """Wait until something is true; the result is the time of the output that made it so."""
        deadline = time.monotonic() + seconds
        last = time.monotonic()
        while not true():
            stamp = self.pump(_LOOK)
            last = stamp or last
            over = stamp is None and not self.alive and self.line.pending <= 1
            if (over or time.monotonic() > deadline) and not true():
                raise TimedOut(f"waiting for {what or true}\n{self.text}")
        return last

    def wait_for(self, text: str | re.Pattern[str], seconds: float = 30.0) -> float:
        """Wait until a text is on the screen."""
        if isinstance(text, str):
            screen, wanted = self.display.screen, text
            return self.wait_until(
                lambda: any(wanted in screen.row(y) for y in range(screen.lines)), seconds, text
            )
        pattern = text
        return self.wait_until(lambda: bool(pattern.search(self.text)), seconds, pattern.pattern)

    def run_for(self, seconds: float) -> int:
        """Go on drawing for a while; the result is the bytes that came."""
        before, deadline = self.total, time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            self.pump(min(left, _LOOK))
        return self.total - before

    def settle(self, quiet: float = 0.5, seconds: float = 20.0) -> float:
        """Wait until nothing came for a while; the result is the time of the last output."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.pump(quiet) is not None:
            continue
        return self.chunks[-1][0] if self.chunks else self.started

    # --- the keyboard ---

    def send(self, keys: str) -> float:
        """Type; the result is when."""
        return self.line.send(keys.encode())

    def echo_latency(self, prefix: str, characters: str, gap: float = 0.25) -> list[float]:
        """Type `prefix`, then one character at a time: the seconds until each one showed."""
        typed, samples = prefix, []
        self.send(prefix)
        self.wait_for(prefix, 5.0)
        for character in characters:
            self.run_for(gap)
            typed += character
            sent = self.send(character)
            samples.append(self.wait_for(typed, 5.0) - sent)
        return samples

    def resize(self, columns: int, rows: int) -> None:
        self.display.screen.resize(rows, columns)
        self._process.set_size((columns, rows))

    # --- measuring ---

    @property
    def alive(self) -> bool:
        return self._process.exit_code is None

    def tree(self) -> list[psutil.Process]:
        """The program and its children."""
        try:
            return [self._watched, *self._watched.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def cpu(self) -> float:
        """Seconds of CPU, user and system, of the program and its children, ended ones too."""
        total = 0.0
        for process in self.tree():
            with suppress(psutil.Error):
                total += cpu_of(process) + sum(process.cpu_times()[2:4])
        return total

    def rss(self) -> float:
        """Resident MiB of the program and its children."""
        total = 0
        for process in self.tree():
            with suppress(psutil.Error):
                total += process.memory_info().rss
        return total / 2**20

    def spending(self) -> Callable[[], Spent]:
        """Begin to count; calling the result tells what was spent since."""
        wall, cpu, total = time.monotonic(), self.cpu(), self.total

        def spent() -> Spent:
            return Spent(time.monotonic() - wall, self.cpu() - cpu, self.total - total)

        return spent

    def frames(self, since: float = 0.0, gap: float = 0.004) -> list[int]:
        """Sizes of the bursts of output: chunks closer together than `gap` are one frame."""
        return [*_bursts((each for each in self.chunks if each[0] >= since), gap)]

    # --- the end ---

    def kill(self, number: Signals) -> None:
        self._process.kill(number)

    def close(self, grace: float = 2.0) -> None:
        """End the program and everything it started."""
        for number, seconds in ((SIGTERM, grace), (SIGKILL, 10.0)):
            for process in reversed(self.tree()):
                with suppress(psutil.Error):
                    process.send_signal(number)
            deadline = time.monotonic() + seconds
            while self.alive and time.monotonic() < deadline:
                self.pump(0.02)
        self._process.hang_up()


def _bursts(chunks: Iterator[tuple[float, int]], gap: float) -> Iterator[int]:
    size, last = 0, 0.0
    for stamp, length in chunks:
        if size and stamp - last > gap:
            yield size
            size = 0
        size, last = size + length, stamp
    if size:
        yield size


def percentile(values: Sequence[float], q: float) -> float:
    """The value below which `q` percent of them lie."""
    ordered = sorted(values)
    return ordered[round(q / 100 * (len(ordered) - 1))]
