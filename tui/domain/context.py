"""How much of a model's window messages take: estimated, for only the server can count."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from tui.domain.session import Message

_PER_TOKEN, _PER_TOKEN_WIDE = 4.0, 1.5
"""Characters of a token, in most scripts and in Chinese, Japanese and Korean."""
_AROUND = 4.0
"""Tokens that a template puts around each message, about."""
_IMAGE = 768.0
"""What Ollama counts for an image."""
_TELLING = 200.0
"""From so many tokens on, what the server counted tells how good the estimate was."""
_TRUSTED = (0.5, 2.0)
"""How far a count may correct an estimate: beyond, it counts something else."""
_WELL_BELOW = 0.85


def tokens_of(text: str) -> float:
    """About how many tokens a text is; costs next to nothing, however long it is."""
    if text.isascii():
        return len(text) / _PER_TOKEN
    # A wide character is three bytes in UTF-8 and an accented one is two, which is half as dear.
    wide = (len(text.encode(errors="replace")) - len(text)) / 2
    return wide / _PER_TOKEN_WIDE + max(len(text) - wide, 0.0) / _PER_TOKEN


def size_of(message: Message) -> float:
    """The same for a message with all it carries; its thoughts are not told again."""
    return tokens_of(message.content) + _AROUND + _IMAGE * len(message.attachments)


class Overflow(NamedTuple):
    """What will not fit."""

    too_long: int
    """Tokens, about."""
    unseen: int
    """The oldest messages that the model will not be shown."""
    hopeless: bool = False
    """Whether the question alone is longer than the window."""


class Load(NamedTuple):
    """What a conversation puts into the window before a word of the next question."""

    system: float
    messages: tuple[float, ...] = ()
    """Oldest first."""

    @classmethod
    def of(cls, branch: Sequence[Message], system: str) -> "Load":
        """By an estimate, put right by what the server counted last."""
        sizes = [size_of(message) for message in branch]
        told = tokens_of(system) + _AROUND if system else 0.0
        factor = _correction(branch, sizes, told)
        return cls(told * factor, tuple(size * factor for size in sizes))

    def overflow(self, question: float, window: int) -> Overflow | None:
        """What will not fit if a question of so many tokens is asked now."""
        room = window - self.system - question
        over = sum(self.messages) - room
        if over <= 0:
            return None
        return Overflow(round(over), dropped(self.messages, room), hopeless=room < 0)


def dropped(sizes: Sequence[float], room: float) -> int:
    """How many of the oldest have to go so that the others have room."""
    kept = 0
    for size in reversed(sizes):
        room -= size
        if room < 0:
            break
        kept += 1
    return len(sizes) - kept


def unseen(messages: Iterable[Mapping[str, Any]], counted: int, window: int) -> int:
    """How many messages of a request the model was not shown, by what the server counted.

    Servers say nothing of it: they drop the oldest until the rest fits.
    """
    told = [*messages]
    sizes = [_size(message) for message in told if message["role"] != "system"]
    system = sum(_size(message) for message in told if message["role"] == "system")
    total = system + sum(sizes)
    full = 0 < window < total
    if not full or not counted or window > counted >= total * _WELL_BELOW:
        return 0
    return min(dropped(sizes, counted - system), max(len(sizes) - 1, 0))


def _size(message: Mapping[str, Any]) -> float:
    return tokens_of(message["content"]) + _AROUND + _IMAGE * len(message.get("images", ()))


def _correction(branch: Sequence[Message], sizes: Sequence[float], system: float) -> float:
    """What the server counted for the last prompt, by what would have been guessed for it."""
    for at in range(len(branch) - 1, -1, -1):
        stats = branch[at].stats
        if stats is not None and stats.prompt_eval_count and not branch[at].unseen:
            guessed = system + sum(sizes[:at])
            if guessed < _TELLING:
                return 1.0
            return min(max(stats.prompt_eval_count / guessed, _TRUSTED[0]), _TRUSTED[1])
    return 1.0
