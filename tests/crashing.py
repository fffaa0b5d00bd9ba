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


async def main(home: Path, url: str, notes: Path) -> None:
    descriptor = os.open(notes, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    take = Reply._take

    def noted(self: Reply, delta: Delta) -> None:
        os.write(descriptor, NOTE.pack(time.monotonic(), len(delta.content)))
        take(self, delta)

    Reply._take = noted  # type: ignore[method-assign]  # the one place where deltas come in
    async with Program(home, local=url) as program:
        session = program.chat()
        program.replies.send(session.id, "Hi")
        print(session.id, flush=True)
        await program.worker.idle()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])))
