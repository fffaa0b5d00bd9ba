"""What a command works with."""

import asyncio
import sys
from dataclasses import dataclass

from tui.api.client import Ollama
from tui.api.errors import OllamaError
from tui.commands.output import remark
from tui.worker.worker import Worker

OK, FAILED, WRONG, INTERRUPTED = 0, 1, 2, 130
"""Exit codes; WRONG is what argparse too says of wrong words."""


class Wrong(Exception):
    """The words of a command do not go together; the text is for the user."""


@dataclass(frozen=True)
class Services:
    """The worker, which was not started: no host is watched, no conversation looked through."""

    worker: Worker

    @property
    def host(self) -> str:
        """The name of the server in use."""
        return self.worker.hosts.current

    async def client(self) -> Ollama:
        """The client of the server in use. Raises OllamaError."""
        return await self.worker.hosts.client(self.host)


async def asked(question: str) -> str:
    """What the user answers in a line, which ctrl-c may take back."""
    print(question, end="", file=sys.stderr, flush=True)
    loop, ready = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(sys.stdin.fileno(), ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(sys.stdin.fileno())
    return sys.stdin.readline().strip()


def failed(name: str, error: OllamaError | ValueError) -> None:
    """Tell that one of several could not be done; the others go on."""
    remark(f"{name}: {error}")
