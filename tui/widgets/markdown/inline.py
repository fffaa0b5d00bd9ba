"""Text inside a block: emphasis, code, links."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from tui.widgets.lines import Part, line
from tui.widgets.plain import untabbed, visible

if TYPE_CHECKING:
    from markdown_it.token import Token

_MARKS = {"strong": "bold", "s": "strike", "link": "underline"}
"""No italics: many terminals show them as reverse."""


def inline(tokens: Sequence["Token"]) -> Content:
    """The tokens of one block as styled text; a link is followed by its address, muted."""
    open_: Counter[str] = Counter()
    parts: list[Part] = []
    links: list[tuple[str, int]] = []
    for token in tokens:
        name = token.type.removesuffix("_open").removesuffix("_close")
        open_[name] += token.nesting
        if token.type == "link_open":
            links.append((str(token.attrGet("href") or ""), len(parts)))
        elif token.type == "link_close" and links:
            parts += _address(*links.pop(), parts)
        else:
            parts += _text(token, open_)
    return line(*parts)


def _text(token: "Token", open_: Counter[str]) -> list[Part]:
    style = " ".join(mark for name, mark in _MARKS.items() if open_[name])
    if token.type in ("softbreak", "hardbreak"):
        return ["\n"]
    if token.type == "image":
        words = untabbed(visible(token.content))
        return [(words, style), *_address(str(token.attrGet("src") or ""), 0, [words])]
    if token.type == "code_inline":
        style += " $code-name"
    elif open_["strong"] or open_["em"]:
        style += " $strong"
    text = untabbed(visible(token.content))  # again: `&#27;` has just become ESC
    return [(text, style.strip())] if text else []


def _address(address: str, since: int, parts: list[Part]) -> list[Part]:
    words = "".join(part if isinstance(part, str) else str(part[0]) for part in parts[since:])
    address = untabbed(visible(address))
    if not address or words in (address, address.removeprefix("mailto:")):
        return []
    return [(f" {address}" if words else address, "$muted")]
