"""From the parser's tokens to blocks."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from textual.content import Content

from tui.widgets.markdown.blocks import (
    Align,
    Block,
    Code,
    Formula,
    Heading,
    Item,
    Listing,
    Paragraph,
    Quote,
    Rule,
    Table,
)
from tui.widgets.markdown.grammar import parser
from tui.widgets.markdown.inline import inline
from tui.widgets.plain import one_line, untabbed

if TYPE_CHECKING:
    from markdown_it.token import Token

_TASK = re.compile(r"\[[ xX]\] ")
_LANGUAGE = re.compile(r"[^\s,{]*")


class Placed(NamedTuple):
    """A block of the top level and the line of the source where it begins."""

    start: int
    block: Block


def parse(source: str) -> list[Placed]:
    """The blocks of a text that is already `visible`."""
    return list(_Reading(parser().parse(source)).blocks())


class _Reading:
    """The tokens of one text, each taken once."""

    def __init__(self, tokens: Iterable["Token"]) -> None:
        self._tokens = iter(tokens)

    def blocks(self) -> Iterator[Placed]:
        """Blocks up to the token that closes their parent."""
        for token in self._tokens:
            if token.nesting < 0:
                return
            yield Placed(token.map[0] if token.map else 0, _READ[token.type](self, token))

    def paragraph(self, token: "Token") -> Block:
        return Paragraph(self._text(), tight=token.hidden)

    def heading(self, token: "Token") -> Block:
        return Heading(self._text())

    def code(self, token: "Token") -> Block:
        language = _LANGUAGE.match(token.info.strip())
        name = one_line(language[0]) if language else ""
        return Code(name, untabbed(token.content.removesuffix("\n")))

    def formula(self, token: "Token") -> Block:
        return Formula(untabbed(token.content))

    def quote(self, token: "Token") -> Block:
        return Quote(self._inner())

    def bullets(self, token: "Token") -> Block:
        return Listing(tuple(_task(blocks) for blocks in self._items()))

    def numbered(self, token: "Token") -> Block:
        items = list(self._items())
        first = int(token.attrs.get("start", 1))
        size = len(str(first + len(items) - 1))
        return Listing(
            tuple(
                Item(f"{number:>{size}}{token.markup}", blocks)
                for number, blocks in enumerate(items, first)
            )
        )

    def table(self, token: "Token") -> Block:
        rows: list[list[Content]] = []
        aligns: list[Align] = []
        for part in self._tokens:
            if part.type == "table_close":
                break
            if part.type == "tr_open":
                rows.append([])
            elif part.type == "inline":
                rows[-1].append(inline(part.children or ()))
            elif part.type == "th_open":
                aligns.append(_align(str(part.attrGet("style") or "")))
        head, *body = [tuple(row) for row in rows]
        return Table(head, tuple(body), tuple(aligns))

    def rule(self, token: "Token") -> Block:
        return Rule()

    def _text(self) -> Content:
        text = next(self._tokens)
        next(self._tokens)
        return inline(text.children or ())

    def _inner(self) -> tuple[Block, ...]:
        return tuple(block for _, block in self.blocks())

    def _items(self) -> Iterator[tuple[Block, ...]]:
        for token in self._tokens:
            if token.nesting < 0:
                return
            yield self._inner()


_READ: dict[str, Callable[[_Reading, "Token"], Block]] = {
    "paragraph_open": _Reading.paragraph,
    "heading_open": _Reading.heading,
    "fence": _Reading.code,
    "code_block": _Reading.code,
    "formula_block": _Reading.formula,
    "blockquote_open": _Reading.quote,
    "bullet_list_open": _Reading.bullets,
    "ordered_list_open": _Reading.numbered,
    "table_open": _Reading.table,
    "hr": _Reading.rule,
}


def _task(blocks: tuple[Block, ...]) -> Item:
    """An entry of a bullet list, which may be a box to tick."""
    first = blocks[0] if blocks else None
    if isinstance(first, Paragraph) and (box := _TASK.match(first.content.plain)):
        rest = Paragraph(first.content[box.end() :], first.tight)
        return Item(box[0].strip().lower(), (rest, *blocks[1:]))
    return Item("", blocks)


def _align(style: str) -> Align:
    return "right" if style.endswith("right") else "center" if style.endswith("center") else "left"
