"""Copying to the user's own clipboard, also from far away: OSC 52, through tmux and screen."""

import base64
import os
from collections.abc import Callable, Mapping
from typing import Literal

import msgspec

from tui.terminal.multiplexer import Way, passed_through, told_by_tmux, way_of

LARGEST = 74_994
"""Bytes of text: in base64 100,000 with the sequence around it, more than which xterm drops."""


class Copied(msgspec.Struct, frozen=True):
    """What became of a copy."""

    way: Way | Literal["buffer", "none"]
    """Whom the text was given to: `buffer` is tmux by a command, `none` when it was too large."""
    size: int
    """Bytes of the text."""


async def copy(
    text: str, write: Callable[[str], None], environment: Mapping[str, str] | None = None
) -> Copied:
    """Ask the terminal to take the text. Whether it did it never tells: keep a file as well.

    tmux itself does more than it does for a program's sequence, which it drops unless it is set
    otherwise; but it can only be called where it runs, not through ssh.
    """
    raw = text.encode(errors="replace")
    if not raw or len(raw) > LARGEST:
        return Copied("none", len(raw))
    seen = os.environ if environment is None else environment
    if seen.get("TMUX") and await told_by_tmux("load-buffer", "-w", "-", given=raw) is not None:
        return Copied("buffer", len(raw))
    way = way_of(seen)
    sequence = f"\x1b]52;c;{base64.b64encode(raw).decode('ascii')}\x07"
    # tmux takes it by `set-clipboard`, or passes it through: which of the two, it does not tell.
    write((sequence if way == "tmux" else "") + passed_through(sequence, way))
    return Copied(way, len(raw))
