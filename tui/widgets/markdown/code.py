"""Code in five quiet hues; words that carry structure take the accent."""

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from textual.content import Content

from tui.widgets.lines import Lines, Part, line

if TYPE_CHECKING:
    from pygments.lexer import Lexer
    from pygments.token import _TokenType

_LONGEST = 100_000
"""Longer code stays plain: colouring it would hold up the screen."""
_STYLES = {
    "Token.Comment": "$muted",
    "Token.Keyword": "$accent",
    "Token.Keyword.Type": "$code-type",
    "Token.Name.Function": "$code-name",
    "Token.Name.Class": "$code-type",
    "Token.Name.Namespace": "$code-type",
    "Token.Literal.Number": "$code-number",
    "Token.Literal.String": "$code-string",
    "Token.Generic.Deleted": "$error",
    "Token.Generic.Inserted": "$success",
}


def coloured(language: str, text: str) -> Lines:
    """The lines of a piece of code; plain where the language is not known."""
    plain = [Content(row) for row in text.split("\n")]
    lexer = _lexer(language.lower()) if language and len(text) <= _LONGEST else None
    if lexer is None:
        return plain
    rows: list[list[Part]] = [[]]
    for words, style in _tokens(lexer, text):
        first, *others = words.split("\n")
        rows[-1].append((first, style))
        rows += [[(other, style)] for other in others]
    drawn = [line(*(part for part in row if part[0])) for row in rows[: len(plain)]]
    same = len(drawn) == len(plain) and all(
        a.plain == b.plain for a, b in zip(drawn, plain, strict=True)
    )
    return drawn if same else plain


def _tokens(lexer: "Lexer", text: str) -> Iterator[tuple[str, str]]:
    for _, kind, words in lexer.get_tokens_unprocessed(f"{text}\n"):
        yield words, _style(kind)


@cache
def _style(kind: "_TokenType") -> str:
    while kind.parent is not None:
        if style := _STYLES.get(str(kind)):
            return style
        kind = kind.parent
    return ""


@cache
def _lexer(language: str) -> "Lexer | None":
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        return get_lexer_by_name(language)
    except ClassNotFound:
        return None
