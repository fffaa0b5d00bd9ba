"""What an answer is made of."""

from dataclasses import dataclass
from typing import Literal

from textual.content import Content

Align = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text that wraps."""

    content: Content
    tight: bool = False
    """Whether it stands in a list without blank lines."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A line that names what follows."""

    content: Content


@dataclass(frozen=True, slots=True)
class Code:
    """Text that does not wrap at words, in the colours of its language."""

    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Formula:
    """LaTeX on lines of its own, left as it was written."""

    text: str


@dataclass(frozen=True, slots=True)
class Quote:
    """The words of someone else."""

    blocks: tuple["Block", ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a list; without a marker of its own it has the list's bullet."""

    marker: str
    blocks: tuple["Block", ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """Entries one below the other."""

    items: tuple[Item, ...]

    @property
    def airy(self) -> bool:
        """Whether its writer left blank lines between the entries."""
        blocks = (block for item in self.items for block in item.blocks)
        return any(isinstance(block, Paragraph) and not block.tight for block in blocks)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under heads."""

    head: tuple[Content, ...]
    rows: tuple[tuple[Content, ...], ...]
    aligns: tuple[Align, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A line from side to side."""


Block = Paragraph | Heading | Code | Formula | Quote | Listing | Table | Rule
