"""CommonMark with tables and strikethrough, and formulas left alone."""

import re
import sys
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_core import StateCore
    from markdown_it.rules_inline import StateInline

_DEEPEST = 100
_LONGEST = 8_000
"""A longer paragraph is plain: to look for the ends of its brackets could take seconds."""
_INDENTED = 4
_PAIRS = {"$$": "$$", "\\[": "\\]"}
_FORMULA = re.compile(
    r"\\\(.{1,1000}?\\\)|\\\[.{1,1000}?\\\]|\$\$.{1,1000}?\$\$"
    r"|\$(?![\s$])(?:\\.|[^$\n\\]){1,200}?(?<!\s)\$(?![\d$])",
    re.DOTALL,
)


@cache
def parser() -> "MarkdownIt":
    """Made on first use: importing it costs more than the first frame may."""
    # Its optional finder of bare addresses is not used here; its tables take 0.3 MB.
    cast("dict[str, Any]", sys.modules).setdefault("linkify_it", None)
    from markdown_it import MarkdownIt

    made = MarkdownIt("commonmark", {"html": False, "maxNesting": _DEEPEST})
    made.enable(["table", "strikethrough"])
    # A definition far below would change blocks that are finished and drawn.
    made.disable(["reference", "html_block", "html_inline"])
    made.block.ruler.before(
        "fence", "formula", _formula_block, {"alt": ["paragraph", "blockquote", "list"]}
    )
    made.core.ruler.at("inline", _inline)
    made.inline.ruler.before("escape", "formula", _formula)
    made.inline.ruler.before("emphasis", "wide_emphasis", _wide_emphasis)
    return made


def _inline(state: "StateCore") -> None:
    """The parser's own rule, but for texts of any length."""
    from markdown_it.token import Token

    for token in state.tokens:
        if token.type != "inline":
            continue
        token.children = []
        if len(token.content) <= _LONGEST:
            state.md.inline.parse(token.content, state.md, state.env, token.children)
        else:
            token.children.append(Token("text", "", 0, content=token.content))


def _formula(state: "StateInline", silent: bool) -> bool:
    r"""`\(x_1\)` and `$x_1$` are text: their signs mean nothing to markdown."""
    if state.src[state.pos] not in "$\\":
        return False
    match = _FORMULA.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not silent:
        state.push("formula", "", 0).content = match[0]
    state.pos = match.end()
    return True


def _wide_emphasis(state: "StateInline", silent: bool) -> bool:
    """`**注意：**请` is bold: CommonMark wants a space after the colon, Chinese has none."""
    start = state.pos
    if silent or state.src[start] != "*":
        return False
    end = start + state.scanDelims(start, canSplitWord=True).length
    before, after = state.src[start - 1 : start], state.src[end : end + 1]
    if not (_is_wide(before) or _is_wide(after)):
        return False
    from markdown_it.rules_inline.state_inline import Delimiter

    for _ in range(start, end):
        state.push("text", "", 0).content = "*"
        token, can_open, can_close = (
            len(state.tokens) - 1,
            bool(after.strip()),
            bool(before.strip()),
        )
        state.delimiters.append(Delimiter(ord("*"), end - start, token, -1, can_open, can_close))
    state.pos = end
    return True


def _is_wide(character: str) -> bool:
    return bool(character) and unicodedata.east_asian_width(character) in "WF"


def _formula_block(state: "StateBlock", first: int, end: int, silent: bool) -> bool:
    r"""Lines from `$$` or `\[` to the end of the formula, or to a blank line if it has none."""
    if state.sCount[first] - state.blkIndent >= _INDENTED:
        return False
    closing = _closing(_line(state, first))
    if closing is None:
        return False
    if silent:
        return True
    state.line = _after(state, first + 1, end, closing) if closing else first + 1
    token = state.push("formula_block", "", 0)
    token.content = "\n".join(_line(state, number) for number in range(first, state.line))
    token.map = [first, state.line]
    return True


def _closing(line: str) -> str | None:
    """What ends the formula that begins here: nothing if this line does, None if none begins."""
    closing = _PAIRS.get(line[:2])
    if closing is None:
        return None
    found = line.find(closing, 2)
    if found < 0:
        return closing
    return "" if found == len(line) - 2 else None


def _after(state: "StateBlock", number: int, end: int, closing: str) -> int:
    """The first line that is no part of the formula."""
    while number < end and not state.isEmpty(number) and state.sCount[number] >= state.blkIndent:
        number += 1
        if _line(state, number - 1).endswith(closing):
            break
    return number


def _line(state: "StateBlock", number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]].rstrip()
