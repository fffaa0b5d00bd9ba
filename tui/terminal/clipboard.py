"""Copying to the user's own clipboard, also from far away: OSC 52, through tmux and screen."""

import base64
import os
from collections.abc import Callable, Mapping
from typing import Literal

import msgspec

LARGEST = 74_994
"""Bytes of text: in base64 100,000 with the sequence around it, more than which xterm drops."""
_CHUNK = 512
"""Bytes that screen passes on at once."""

Way = Literal["terminal", "tmux", "screen", "none"]


class Copied(msgspec.Struct, frozen=True):
    """What became of a copy."""

    way: Way
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
    write(_WRAPPED[way](sequence))
    return Copied(way, len(raw))


def way_of(environment: Mapping[str, str]) -> Way:
    """Who is on the way to the clipboard."""
    if environment.get("TMUX"):
        return "tmux"
    # screen sets STY; inside tmux TERM may also begin with screen, and TMUX does not cross ssh.
    if environment.get("STY"):
        return "screen"
    return "tmux" if environment.get("TERM", "").startswith("tmux") else "terminal"


def _for_tmux(sequence: str) -> str:
    """The sequence itself, which tmux takes by `set-clipboard`, and once more passed through."""
    doubled = sequence.replace("\x1b", "\x1b\x1b")
    return f"{sequence}\x1bPtmux;{doubled}\x1b\\"


def _for_screen(sequence: str) -> str:
    """Passed through in pieces: screen drops long strings."""
    pieces = (sequence[at : at + _CHUNK] for at in range(0, len(sequence), _CHUNK))
    return "".join(f"\x1bP{piece}\x1b\\" for piece in pieces)


_WRAPPED: Mapping[str, Callable[[str], str]] = {
    "terminal": str,
    "tmux": _for_tmux,
    "screen": _for_screen,
}
