"""Copying to the user's own clipboard, also from far away: OSC 52, through tmux and screen."""

import base64
import os
from collections.abc import Callable, Mapping
from typing import Literal

import msgspec

from tui.terminal.multiplexer import Way, passed_through, way_of

LARGEST = 74_994
"""Bytes of text: in base64 100,000 with the sequence around it, more than which xterm drops."""


class Copied(msgspec.Struct, frozen=True):
    """What became of a copy."""

    way: Way | Literal["none"]
    """Whom the text was given to; `none` when it was too large for any."""
    size: int
    """Bytes of the text."""


def copy(
    text: str, write: Callable[[str], None], environment: Mapping[str, str] | None = None
) -> Copied:
    """Ask the terminal to take the text. Whether it did it never tells: keep a file as well."""
    raw = text.encode(errors="replace")
    if not raw or len(raw) > LARGEST:
        return Copied("none", len(raw))
    way = way_of(os.environ if environment is None else environment)
    sequence = f"\x1b]52;c;{base64.b64encode(raw).decode('ascii')}\x07"
    # tmux takes it by `set-clipboard`, or passes it through: which of the two, it does not tell.
    write((sequence if way == "tmux" else "") + passed_through(sequence, way))
    return Copied(way, len(raw))
