"""Waiting for what tells nobody when it happens: files and processes."""

import asyncio
import time
from collections.abc import Callable

import psutil


async def eventually(true: Callable[[], object], what: str, seconds: float = 10.0) -> None:
    """Wait until something is true."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"waited {seconds} s for {what}"
        await asyncio.sleep(0.02)


def lives(pid: int) -> bool:
    """Whether a process still does something; one that nobody has buried does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
