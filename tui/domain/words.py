"""The words of a text, as full-text search knows them.

Chinese, Japanese and Korean are written without spaces between words: each two characters that
stand together count as a word, so that words of two characters are found inside longer ones.
"""

import re
import unicodedata
from itertools import pairwise
from typing import NamedTuple

_UNSPACED = (
    "\u1100-\u11ff\u2e80-\u2fdf\u3005-\u3007\u3041-\u30ff\u3105-\u318f\u31a0-\u31bf\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U0001aff0-\U0001b16f\U00020000-\U000323af"
)
_RUN = re.compile(f"[{_UNSPACED}]+")
_PIECE = re.compile(r'"([^"]*)"?|(\S+)')
_BEFORE = 24
"""Characters shown before what was found."""


class Excerpt(NamedTuple):
    """A piece of a text around what was looked for."""

    text: str
    hits: tuple[int, ...] = ()
    """Which of its characters were looked for."""


def spelled(text: str) -> str:
    """A text as the index takes it: pairs in place of runs without spaces.

    The last character of a run stands alone too, so that every character begins a word.
    """
    return _RUN.sub(lambda run: f" {_pairs(run[0])} {run[0][-1]} ", _folded(text))


def expression(query: str) -> str:
    """What an FTS5 index is asked: all words, the last as a beginning; "" where there is none.

    What stands in double quotes is a phrase.
    """
    pieces = [piece[1] or piece[2] or "" for piece in _PIECE.finditer(query)]
    phrases = [_phrase(piece) for piece in pieces if any(map(str.isalnum, piece))]
    if not phrases:
        return ""
    last = "" if query.rstrip().endswith('"') or phrases[-1].endswith("*") else "*"
    return " ".join(phrases) + last


def excerpt(text: str, query: str, length: int = 160) -> Excerpt:
    """The first place in a text that a query names, in one line."""
    lower = _lower(text)
    words = [piece for piece in _lower(query).replace('"', " ").split() if piece]
    places = [at for word in words if (at := lower.find(word)) >= 0]
    start = max(min(places, default=0) - _BEFORE, 0)
    if start and (space := text.find(" ", start, start + _BEFORE)) >= 0:
        start = space + 1
    line = " ".join(text[start : start + 2 * length].split())[:length]
    shown, hits = _lower(line), set[int]()
    for word in words:
        for match in re.finditer(re.escape(word), shown):
            hits.update(range(*match.span()))
    if not start:
        return Excerpt(line, tuple(sorted(hits)))
    return Excerpt("…" + line, tuple(hit + 1 for hit in sorted(hits)))


def _folded(text: str) -> str:
    """Full-width letters as letters, half-width kana as kana."""
    return unicodedata.normalize("NFKC", text)


def _lower(text: str) -> str:
    lower = text.lower()
    return lower if len(lower) == len(text) else text  # else places would be off


def _pairs(run: str) -> str:
    return " ".join(map("".join, pairwise(run)))


def _phrase(piece: str) -> str:
    """A piece of a query: its words one after the other."""
    folded = _folded(piece).replace('"', " ").strip()
    alone = len(folded) == 1 and bool(_RUN.match(folded))  # it begins every pair it stands in
    return f'"{_RUN.sub(_of_query, folded).strip()}"' + ("*" if alone else "")


def _of_query(run: re.Match[str]) -> str:
    return f" {_pairs(run[0]) or run[0]} "
