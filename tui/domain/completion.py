"""What could be completed where the cursor stands."""

import re
from typing import Literal, NamedTuple

from tui.domain.references import begun

_COMMAND = re.compile(r"/(\S*)$")
_HOST = re.compile(r"/host\s+(\S*)$")
_MODEL = re.compile(r"/(?:model|load|new)\s+(\S*)$")


class Wanted(NamedTuple):
    """A word that is being typed."""

    kind: Literal["command", "model", "host", "file"]
    word: str
    start: int
    """The column where it begins."""


def wanted(before: str, row: int) -> Wanted | None:
    """What is being typed in a row of the prompt, left of the cursor."""
    if row == 0 and (match := _COMMAND.match(before)):
        return Wanted("command", match[1], 0)
    if row == 0 and (match := _MODEL.match(before)):
        return Wanted("model", match[1], match.start(1))
    if row == 0 and (match := _HOST.match(before)):
        return Wanted("host", match[1], match.start(1))
    path = begun(before)
    return Wanted("file", *path) if path else None
