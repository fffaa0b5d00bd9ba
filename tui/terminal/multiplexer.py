"""tmux and screen stand between program and terminal, and pass on what they are told to."""

import asyncio
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Mapping
from typing import Literal

Way = Literal["terminal", "tmux", "screen"]

_SECONDS = 2.0
"""How long tmux is waited for."""
_CHUNK = 512
"""Bytes that screen passes on at once."""


def way_of(environment: Mapping[str, str]) -> Way:
    """Who hears a sequence first."""
    if environment.get("TMUX"):
        return "tmux"
    # screen sets STY; inside tmux TERM may also begin with screen, and TMUX does not cross ssh.
    if environment.get("STY"):
        return "screen"
    return "tmux" if environment.get("TERM", "").startswith("tmux") else "terminal"


def passed_through(sequence: str, way: Way) -> str:
    """The sequence as one for the terminal behind; tmux does so where `allow-passthrough` is on."""
    if way == "tmux":
        doubled = sequence.replace("\x1b", "\x1b\x1b")
        return f"\x1bPtmux;{doubled}\x1b\\"
    if way == "screen":  # in pieces: it drops long strings
        pieces = (sequence[at : at + _CHUNK] for at in range(0, len(sequence), _CHUNK))
        return "".join(f"\x1bP{piece}\x1b\\" for piece in pieces)
    return sequence


async def told_by_tmux(*words: str, given: bytes = b"") -> str | None:
    """What a command of tmux prints, given something to read; None where it fails."""
    try:
        process = await asyncio.create_subprocess_exec(
            "tmux", *words, stdin=PIPE, stdout=PIPE, stderr=DEVNULL
        )
    except OSError:
        return None
    try:
        async with asyncio.timeout(_SECONDS):
            said, _errors = await process.communicate(given)
    except TimeoutError:
        return None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return None if process.returncode else said.decode(errors="replace").strip()
