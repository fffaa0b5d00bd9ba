"""Ollama's options: their names, types, ranges and defaults, and which of them load a model anew.

Source: api/types.go of Ollama, as of August 2026.
"""

from collections.abc import Sequence
from typing import Any, Literal

import msgspec

from tui.domain.language import _

Kind = Literal["int", "float", "bool", "list"]


_LONGEST = 2**63


class OptionError(ValueError):
    """A name that is no option, or a value that is none of its; the text is for the user."""


class Option(msgspec.Struct, frozen=True):
    """One entry of `options` in a request."""

    name: str
    kind: Kind
    default: int | float | bool | None
    """None where the server decides."""
    about: str
    low: float | None = None
    high: float | None = None
    loads: bool = False
    """Whether another value makes the server load the model anew."""

    def read(self, words: Sequence[str]) -> Any:  # noqa: ANN401 - as the option's kind says
        """The value that the user wrote. Raises OptionError."""
        if self.kind == "list":
            return list(words)
        if self.kind == "bool":
            return self._boolean(words[0])
        return self._number(words[0])

    def _boolean(self, word: str) -> bool:
        known = {"true": True, "1": True, "t": True, "false": False, "0": False, "f": False}
        if word.lower() not in known:
            raise OptionError(
                _("{name} is true or false, not {value}.").format(name=self.name, value=word)
            )
        return known[word.lower()]

    def _number(self, word: str) -> int | float:
        try:
            value = int(word) if self.kind == "int" else float(word)
        except ValueError:
            kind = _("a whole number") if self.kind == "int" else _("a number")
            text = _("{name} is {kind}, not {value}.")
            raise OptionError(text.format(name=self.name, kind=kind, value=word)) from None
        if not abs(value) < _LONGEST:  # not a number, endless, or more than 64 bits hold
            text = _("{name} is a number that can be counted, not {value}.")
            raise OptionError(text.format(name=self.name, value=word))
        low, high = self.low, self.high
        if (low is not None and value < low) or (high is not None and value > high):
            text = _("{name} is from {low} to {high}, not {value}.")
            raise OptionError(
                text.format(
                    name=self.name,
                    low=f"{low:g}" if low is not None else "-∞",
                    high=f"{high:g}" if high is not None else "∞",
                    value=word,
                )
            )
        return value


OPTIONS = (
    Option("temperature", "float", 0.8, _("how freely it chooses words"), 0),
    Option("num_ctx", "int", None, _("the context window, in tokens"), 1, loads=True),
    Option("num_predict", "int", -1, _("the most tokens of an answer; -1 is no limit"), -2),
    Option("seed", "int", -1, _("the same seed gives the same answer; -1 is random")),
    Option("top_k", "int", 40, _("chooses among so many tokens"), 0),
    Option("top_p", "float", 0.9, _("chooses among tokens of this much probability"), 0, 1),
    Option("min_p", "float", 0.0, _("leaves out tokens less probable than this share"), 0, 1),
    Option("typical_p", "float", 1.0, _("prefers tokens of typical probability"), 0, 1),
    Option("repeat_penalty", "float", 1.0, _("keeps it from repeating itself"), 0),
    Option("repeat_last_n", "int", 64, _("how far back it looks for that; -1 is all"), -1),
    Option("presence_penalty", "float", 0.0, _("keeps it from words it has used"), -2, 2),
    Option("frequency_penalty", "float", 0.0, _("keeps it from words it uses often"), -2, 2),
    Option("num_keep", "int", 4, _("tokens kept when the context is full"), -1),
    Option("stop", "list", None, _("ends the answer at one of these texts")),
    Option(
        "num_gpu", "int", -1, _("layers on the GPU; 0 is none, -1 as many as fit"), -1, loads=True
    ),
    Option("main_gpu", "int", None, _("the GPU for what is not split"), 0, loads=True),
    Option("num_batch", "int", 512, _("tokens of the prompt read at once"), 1, loads=True),
    Option("num_thread", "int", 0, _("threads on the CPU; 0 is automatic"), 0, loads=True),
    Option("use_mmap", "bool", None, _("maps the model's file into memory"), loads=True),
    Option("draft_num_predict", "int", 4, _("tokens a draft model guesses ahead"), 0, loads=True),
)

LOADING = frozenset(option.name for option in OPTIONS if option.loads)
"""The options of which another value loads the model anew."""

_BY_NAME = {option.name: option for option in OPTIONS}


def option(name: str) -> Option:
    """The option of this name. Raises OptionError."""
    if name not in _BY_NAME:
        import difflib

        close = difflib.get_close_matches(name, _BY_NAME, 1)
        text = _("There is no parameter {name}.").format(name=name)
        raise OptionError(
            text + (" " + _("Did you mean {close}?").format(close=close[0]) if close else "")
        )
    return _BY_NAME[name]
