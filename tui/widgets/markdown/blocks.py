"""What an answer is made of."""

from typing import Literal

import msgspec
from textual.content import Content

Align = Literal["left", "center", "right"]


class Paragraph(msgspec.Struct, frozen=True):
    """Text that wraps."""

    content: Content
    tight: bool = False
    """Whether it stands in a list without blank lines."""


class Heading(msgspec.Struct, frozen=True):
    """A line that names what follows."""

    content: Content


class Code(msgspec.Struct, frozen=True):
    """Text that does not wrap at words, in the colours of its language."""

    language: str
    text: str


class Formula(msgspec.Struct, frozen=True):
    """LaTeX on lines of its own, left as it was written."""

    text: str


class Quote(msgspec.Struct, frozen=True):
    """The words of someone else."""

    blocks: tuple["Block", ...]


class Item(msgspec.Struct, frozen=True):
    """One entry of a list; without a marker of its own it has the list's bullet."""

    marker: str
    blocks: tuple["Block", ...]


class Listing(msgspec.Struct, frozen=True):
    """Entries one below the other."""

    items: tuple[Item, ...]

    @property
    def airy(self) -> bool:
        """Whether its writer left blank lines between the entries."""
        blocks = (block for item in self.items for block in item.blocks)
        return any(isinstance(block, Paragraph) and not block.tight for block in blocks)


class Table(msgspec.Struct, frozen=True):
    """Rows under heads."""

    head: tuple[Content, ...]
    rows: tuple[tuple[Content, ...], ...]
    aligns: tuple[Align, ...]


class Rule(msgspec.Struct, frozen=True):
    """A line from side to side."""


Block = Paragraph | Heading | Code | Formula | Quote | Listing | Table | Rule
