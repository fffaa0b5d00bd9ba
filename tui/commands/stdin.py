"""What the user types or pipes in; ctrl-c ends the waiting for it."""

import asyncio
import os
import sys
import threading
from functools import partial

from tui.api.errors import OllamaError
from tui.domain.language import _

_BLOCK = 1 << 16


def someone_there() -> bool:
    """Whether a terminal is behind stdin, which may also be closed."""
    return sys.stdin is not None and sys.stdin.isatty()


async def asked(question: str) -> str:
    """What the user answers in a line."""
    print(question, end="", file=sys.stderr, flush=True)
    loop, ready = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(sys.stdin.fileno(), ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(sys.stdin.fileno())
    return sys.stdin.readline().strip()


async def all_of_it() -> bytes:
    """All up to its end, read in a thread that nobody has to wait for. Raises OllamaError."""
    loop = asyncio.get_running_loop()
    read: asyncio.Future[bytes] = loop.create_future()
    number = sys.stdin.fileno()

    def take() -> None:
        try:
            os.set_blocking(number, True)  # some programs leave it otherwise
            blocks = [*iter(partial(os.read, number, _BLOCK), b"")]
        except OSError as error:
            why = _("What was to be read from stdin cannot be: {why}.").format(why=error.strerror)
            loop.call_soon_threadsafe(_fail, read, OllamaError(why))
        else:
            loop.call_soon_threadsafe(_put, read, b"".join(blocks))

    threading.Thread(target=take, daemon=True).start()
    return await read


def _put(future: "asyncio.Future[bytes]", value: bytes) -> None:
    if not future.done():
        future.set_result(value)


def _fail(future: "asyncio.Future[bytes]", error: OllamaError) -> None:
    if not future.done():
        future.set_exception(error)
