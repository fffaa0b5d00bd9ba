"""Waiting for what tells nobody when it happens: files and processes."""

import asyncio
import time
from collections.abc import Callable


async def eventually(true: Callable[[], object], what: str, seconds: float = 10.0) -> None:
    """Wait until something is true."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"waited {seconds} s for {what}"
        await asyncio.sleep(0.02)
