"""Files on their way to a server, piece by piece."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tui.api.errors import OllamaError
from tui.domain.language import _

_BLOCK = 256 * 1024


async def length(path: Path) -> int:
    """How many bytes there are to send."""
    with _readable(path):
        return (await asyncio.to_thread(path.stat)).st_size


async def blocks(path: Path, on_sent: Callable[[int], None] | None) -> AsyncIterator[bytes]:
    """A file's bytes; `on_sent` hears how many have gone out once more are asked for."""
    sent = 0
    with _readable(path), await asyncio.to_thread(path.open, "rb") as file:
        while block := await asyncio.to_thread(file.read, _BLOCK):
            yield block
            sent += len(block)
            if on_sent:
                on_sent(sent)


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OllamaError(
            _("{path} cannot be read: {reason}").format(path=path, reason=error.strerror)
        ) from error
