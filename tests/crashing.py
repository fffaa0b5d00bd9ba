"""Run as a program: asks a question and is killed while the answer comes.

python crashing.py HOME URL FILE     prints the session's id; notes each delta in FILE
"""

import asyncio
import os
import struct
import sys
import time
from pathlib import Path

from program import Program
from tui.domain.replies import Delta
from tui.worker.reply import Reply

NOTE = struct.Struct("di")
"""When a delta was received, on the clock that all processes share, and its length."""


def note_deltas(notes: Path) -> None:
    """Have every delta noted as it is received."""
    descriptor = os.open(notes, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    take = Reply._take

    def noted(self: Reply, delta: Delta) -> None:
        os.write(descriptor, NOTE.pack(time.monotonic(), len(delta.content)))
        take(self, delta)

    Reply._take = noted  # type: ignore[method-assign]  # the one place where deltas come in


def received(notes: Path) -> list[tuple[float, int]]:
    """When how many characters in all had been received."""
    data, total, moments = notes.read_bytes() if notes.exists() else b"", 0, []
    for moment, length in NOTE.iter_unpack(data[: len(data) // NOTE.size * NOTE.size]):
        total += length
        moments.append((moment, total))
    return moments


async def main(home: Path, url: str, notes: Path) -> None:
    note_deltas(notes)
    async with Program(home, local=url) as program:
        session = program.chat()
        program.replies.send(session.id, "Hi")
        print(session.id, flush=True)
        await program.worker.idle()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])))
