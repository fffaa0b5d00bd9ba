"""Asking disks and name servers that may not answer."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

T = TypeVar("T")

_PATIENCE = 60.0
"""Seconds for a name; whoever asks has less."""


async def apart(read: Callable[[], T], seconds: float) -> T:
    """What `read` finds. Raises what it raises, and TimeoutError.

    In a thread that nobody waits for: a network drive that is gone must not keep the program from
    ending, as a thread of the event loop's pool would.
    """
    loop = asyncio.get_running_loop()
    found: asyncio.Future[T] = loop.create_future()

    def tell(result: T | None, error: BaseException | None) -> None:
        if found.done():
            return
        if error is not None:
            found.set_exception(error)
        else:
            found.set_result(result)  # type: ignore[arg-type]  # None only where T is

    def run() -> None:
        result, error = None, None
        try:
            result = read()
        except BaseException as raised:  # noqa: BLE001 - it is raised where it is awaited
            error = raised
        with contextlib.suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(tell, result, error)

    threading.Thread(target=run, name="apart", daemon=True).start()
    return await asyncio.wait_for(found, seconds)


def find_names_apart(loop: asyncio.AbstractEventLoop) -> None:
    """Let names of hosts be looked up like that in this loop.

    Nothing ends a look-up. In the loop's pool, a few names that no server answers for take every
    thread, that of the writer too, and the program's end waits for them with the screen gone.
    """

    async def look_up(
        host: bytes | str | None, port: bytes | str | int | None, **kind: int
    ) -> list[Any]:
        return await apart(partial(socket.getaddrinfo, host, port, **kind), _PATIENCE)

    loop.getaddrinfo = look_up  # type: ignore[method-assign]
