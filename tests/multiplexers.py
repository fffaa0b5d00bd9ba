"""tmux and screen with servers of their own, which are gone afterwards, however a test ends."""

import asyncio
import shutil
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

Call = Callable[..., tuple[str, ...]]
TMUX, SCREEN = shutil.which("tmux"), shutil.which("screen")
needs_tmux = pytest.mark.skipif(TMUX is None, reason="tmux is not installed")
needs_screen = pytest.mark.skipif(SCREEN is None, reason="screen is not installed")


@asynccontextmanager
async def tmux(folder: Path, settings: str = "") -> AsyncIterator[Call]:
    """How a tmux is called that has these settings and no others."""
    folder.mkdir(exist_ok=True)
    file = folder / "tmux.conf"
    file.write_text(settings)
    first = (TMUX or "", "-S", str(folder / "socket"), "-f", str(file))
    try:
        yield lambda *words: (*first, *words)
    finally:
        await said(*first, "kill-server")


@asynccontextmanager
async def screen(folder: Path, settings: str = "") -> AsyncIterator[Call]:
    """The same of screen; the variable SCREENDIR has to be the folder."""
    folder.mkdir(mode=0o700)
    file = folder.with_suffix(".rc")
    file.write_text(f"startup_message off\n{settings}")
    first = (SCREEN or "", "-U", "-c", str(file))
    try:
        yield lambda *words: (*first, *words)
    finally:
        await said("env", f"SCREENDIR={folder}", *first, "-X", "quit")


async def said(*command: str) -> str:
    """What a command prints."""
    process = await asyncio.create_subprocess_exec(
        *command, stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL
    )
    return (await process.communicate())[0].decode()
