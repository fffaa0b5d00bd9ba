"""Reading from disks that may not answer."""

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


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
