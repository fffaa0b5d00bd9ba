"""What lies between a program and the terminal: nothing, or a slow line.

A reader thread drains the pty and stamps every chunk with time.monotonic(), so that the stamps do
not depend on how fast the screen is rebuilt.
"""

import queue
import random
import threading
import time
from typing import NamedTuple

from ptyprocess import PtyProcess

Chunk = tuple[float, bytes]
"""When it arrives, and what; nothing is the end."""


class Speed(NamedTuple):
    """How fast a line is. The pty adds its own few kB to the buffer."""

    rate: float = 1e9
    """Bytes a second to the terminal."""
    delay: float = 0.0
    """Seconds one way, in each direction."""
    buffer: int = 128 * 1024
    """Bytes the sender takes before it blocks, as ssh and TCP do."""
    jitter: float = 0.0
    """Seconds that a piece may be later than others; none overtakes another."""


class Line:
    """Carries output to the terminal, keys and answers to the program."""

    def __init__(self, process: PtyProcess, speed: Speed | None) -> None:
        self._process = process
        self._speed = speed
        self.rate = speed.rate if speed else Speed().rate
        """Bytes a second; may change at any time."""
        self._stalled = 0.0
        self._out: queue.Queue[Chunk] = queue.Queue()
        self._typed: queue.Queue[Chunk] = queue.Queue()
        self._arriving: Chunk | None = None
        threading.Thread(target=self._read_slowly if speed else self._read, daemon=True).start()
        if speed:
            threading.Thread(target=self._type, daemon=True).start()

    def stall(self, seconds: float) -> None:
        """Carry nothing for a while."""
        self._stalled = time.monotonic() + seconds

    @property
    def pending(self) -> int:
        """Chunks on their way; the end of the output is one too."""
        return self._out.qsize() + (self._arriving is not None)

    def next(self, seconds: float) -> Chunk | None:
        """The next chunk that has arrived; None if none does in time."""
        deadline = time.monotonic() + seconds
        try:
            chunk = self._arriving or self._out.get(timeout=max(seconds, 0.0))
        except queue.Empty:
            return None
        if (wait := chunk[0] - time.monotonic()) > 0:
            time.sleep(max(0.0, min(wait, deadline - time.monotonic())))
        there = chunk[0] <= time.monotonic()
        self._arriving = None if there and chunk[1] else chunk
        return chunk if there and chunk[1] else None

    def send(self, data: bytes) -> float:
        """Type; the result is when the keys left."""
        if self._speed:
            now = time.monotonic()
            self._typed.put((now + self._speed.delay, data))
            return now
        self._process.write(data)
        return time.monotonic()

    def _read(self) -> None:
        while data := self._process.read():
            self._out.put((time.monotonic(), data))
        self._out.put((time.monotonic(), b""))

    def _read_slowly(self) -> None:
        speed, free, due = self._speed or Speed(), 0.0, 0.0
        chance = random.Random(0)
        while data := self._process.read():
            free = max(free, time.monotonic(), self._stalled)  # when all that was read has left
            for piece in self._pieces(data):
                free += len(piece) / self.rate
                due = max(due, free + speed.delay + chance.random() * speed.jitter)
                self._out.put((due, piece))
            time.sleep(max(0.0, free - time.monotonic() - speed.buffer / self.rate))
        self._out.put((max(time.monotonic(), due), b""))

    def _pieces(self, data: bytes) -> list[bytes]:
        """`data` as it would arrive: some 10 ms of the line at a time."""
        size = max(16, min(len(data), int(self.rate / 100)))
        return [data[at : at + size] for at in range(0, len(data), size)]

    def _type(self) -> None:
        """Keys and answers reach the program when the line has carried them."""
        while True:
            due, data = self._typed.get()
            time.sleep(max(0.0, due - time.monotonic()))
            self._process.write(data)
