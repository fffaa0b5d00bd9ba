"""What files a message may carry, and how texts of files stand in it."""

import re
from collections.abc import Sequence
from pathlib import PurePath
from typing import NamedTuple

from tui.domain.references import Reference

LARGEST_IMAGE = 20_000_000
LARGEST_TEXT = 256_000
"""Bytes; a context has rarely room for more."""

_FENCE = re.compile(r"^ {0,3}(`{3,})", re.MULTILINE)
_MAGIC = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8")
_RIFF, _WEBP = b"RIFF", b"WEBP"


class Named(NamedTuple):
    """A file that a text names."""

    reference: Reference
    text: str | None
    """What stands in it; None for a picture."""

    @property
    def name(self) -> str:
        """Without its folders."""
        return PurePath(self.reference.path).name


def is_image(data: bytes) -> bool:
    """Whether it begins as PNG, JPEG, GIF or WebP does."""
    return data.startswith(_MAGIC) or (data.startswith(_RIFF) and data[8:12] == _WEBP)


def embedded(text: str, files: Sequence[Named]) -> str:
    """The message as the model is told it: files by their names, their texts below."""
    parts, at = list[str](), 0
    for file in files:
        parts += [text[at : file.reference.start], file.name]
        at = file.reference.end
    told = "".join([*parts, text[at:]]).rstrip()
    below = {file.reference.path: _block(file.name, file.text) for file in files if file.text}
    return "\n\n".join([told, *below.values()])


def _block(name: str, text: str) -> str:
    longest = max((len(match[1]) for match in _FENCE.finditer(text)), default=0)
    fence = "`" * max(longest + 1, 3)
    end = "" if text.endswith("\n") else "\n"
    return f"{name}:\n{fence}{PurePath(name).suffix[1:]}\n{text}{end}{fence}"
