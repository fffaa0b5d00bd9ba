"""Finding a name by some of its letters, in their order."""

from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeVar

_LETTER, _BOUNDARY, _CONSECUTIVE, _GAP = 16, 10, 24, 1


T = TypeVar("T")


class Match(NamedTuple):
    """How well a text answers to a query, and by which of its letters."""

    score: int
    """Higher is better; comparable between texts for one query."""
    positions: tuple[int, ...]


def fuzzy(query: str, text: str) -> Match | None:
    """Match every word of the query, letter by letter, without regard to case."""
    folded = text.lower()
    if len(folded) != len(text):  # some capitals become two letters, and positions would be off
        folded = text
    score, positions = 0, set[int]()
    for word in query.lower().split():
        match = _word(word, folded)
        if match is None:
            return None
        score += match.score
        positions.update(match.positions)
    return Match(score, tuple(sorted(positions)))


def ranked(query: str, items: Iterable[T], name: Callable[[T], str]) -> list[tuple[T, Match]]:
    """Those that match, the best first; of equals, those given first."""
    found = [(item, match) for item in items if (match := fuzzy(query, name(item)))]
    return sorted(found, key=lambda pair: -pair[1].score) if query.strip() else found


def _word(word: str, text: str) -> Match | None:
    whole = _wholes(word, text)
    if whole:
        return max(whole)
    found = _scattered(word, text)
    return Match(_score(found, text), found) if found else None


def _wholes(word: str, text: str) -> list[Match]:
    """Every place where the letters stand together."""
    found, start = list[Match](), text.find(word)
    while start >= 0:
        positions = tuple(range(start, start + len(word)))
        found.append(Match(_score(positions, text), positions))
        start = text.find(word, start + 1)
    return found


def _scattered(word: str, text: str) -> tuple[int, ...]:
    """The first place where the letters stand in order, drawn together from its end."""
    at = -1
    for letter in word:
        at = text.find(letter, at + 1)
        if at < 0:
            return ()
    backwards, at = list[int](), at + 1
    for letter in reversed(word):
        at = text.rfind(letter, 0, at)
        backwards.append(at)
    return tuple(reversed(backwards))


def _score(positions: tuple[int, ...], text: str) -> int:
    end = positions[-1] + 1
    score, before = 0 if text[end : end + 1].isalnum() else _BOUNDARY, -1
    for at in positions:
        score += _LETTER
        if at == 0 or not text[at - 1].isalnum():
            score += _BOUNDARY
        if before >= 0:
            score += _CONSECUTIVE if at == before + 1 else -_GAP * (at - before - 1)
        before = at
    return score
