"""Esc and the next key in one read: over SSH both often arrive together.

Textual reads ESC and a letter as alt and the letter, ESC and a sign as the sign alone, and ESC and
enter as enter, which would send what the user was about to leave. Its own table of sequences can
say better, and is the only place that can: the parser has forgotten the ESC when a key is told.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple, cast

# Private, as in pacing: Textual offers no other way to name a sequence.
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS

_NAMES = {
    "/": "slash",
    "?": "question_mark",
    "<": "less_than_sign",
    ">": "greater_than_sign",
    "\r": "enter",
}


class _Pressed(NamedTuple):
    """What the parser wants of a key: its name, as the value of an Enum's member."""

    value: str


_TABLE = cast("dict[str, Any]", ANSI_SEQUENCES_KEYS)
_BEFORE = dict(_TABLE)


def separate(characters: Iterable[str]) -> None:
    """Read ESC followed by one of these as the key esc and then that key."""
    for character in characters:
        name = _NAMES.get(character, character)
        _TABLE[f"\x1b{character}"] = (_Pressed("escape"), _Pressed(name))


def join(characters: Iterable[str]) -> None:
    """Read ESC followed by one of these as one key again."""
    for sequence in (f"\x1b{character}" for character in characters):
        _TABLE.pop(sequence, None)
        if sequence in _BEFORE:
            _TABLE[sequence] = _BEFORE[sequence]
