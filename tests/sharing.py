"""Run as a program: writes into conversations that other programs write into as well.

python sharing.py HOME NUMBER TURNS ID...     adds TURNS messages of its own to each of them
"""

import asyncio
import random
import sys
from pathlib import Path

from program import Program
from tui.domain.questions import question
from tui.domain.session import Session
from tui.worker.conversations import ReadOnly

REST = 0.01
"""Seconds at most between two attempts."""


async def main(home: Path, number: int, turns: int, chats: list[str]) -> int:
    chance, refused = random.Random(number), 0
    left = [chat for chat in chats for _turn in range(turns)]
    async with Program(home, nowhere="http://127.0.0.1:9") as program:
        program.worker.start()
        while left:
            chat = chance.choice(left)
            content = f"{number}:{left.count(chat)}"

            def add(session: Session, content: str = content) -> None:
                session.add(question(session, content))

            try:
                program.conversations.change(chat, add)
            except ReadOnly:
                refused += 1
            else:
                program.worker.workspace.remember(content)
                left.remove(chat)
            program.conversations.close(chat)
            await asyncio.sleep(chance.uniform(0.0, REST))
        await program.worker.idle()
    return refused


if __name__ == "__main__":
    print(asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])))
