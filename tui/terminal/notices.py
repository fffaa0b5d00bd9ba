"""Calling a user who looks elsewhere: the bell, or a notice of the desktop by OSC 9, 777 or 99."""

from collections.abc import Callable, Mapping

from tui.terminal.multiplexer import passed_through, way_of

_LONGEST = 120
_TITLE = "ollama-tui"
_BY_TERM = {
    "xterm-kitty": "osc99",
    "foot": "osc777",
    "rxvt-unicode": "osc777",
    "xterm-ghostty": "osc777",
}
_BY_PROGRAM = {"iTerm.app": "osc9", "iTerm2": "osc9", "WezTerm": "osc777", "ghostty": "osc777"}


def sequence(kind: str, text: str, environment: Mapping[str, str]) -> str:
    """What makes the terminal call its user, as the setting `notices` has it; nothing for off."""
    chosen = _known(environment) if kind == "auto" else kind
    if chosen not in _WRITTEN:
        return "\x07" if chosen == "bell" else ""
    return passed_through(_WRITTEN[chosen](_safe(text)), way_of(environment))


def _known(environment: Mapping[str, str]) -> str:
    """What this terminal is known to take. The bell gets through everything."""
    if way_of(environment) != "terminal":
        return "bell"
    term = environment.get("TERM", "").removesuffix("-256color").removesuffix("-extra")
    program = environment.get("TERM_PROGRAM") or environment.get("LC_TERMINAL", "")
    return _BY_TERM.get(term) or _BY_PROGRAM.get(program, "bell")


def _safe(text: str) -> str:
    """One short line in which nothing ends the sequence, or parts it."""
    line = " ".join("".join(each if each.isprintable() else " " for each in text).split())
    return line.replace(";", ",")[:_LONGEST]


# Each ends with BEL: inside of screen's own string ST would end that.
_WRITTEN: Mapping[str, Callable[[str], str]] = {
    "osc9": lambda text: f"\x1b]9;{_TITLE}: {text}\x07",
    "osc777": lambda text: f"\x1b]777;notify;{_TITLE};{text}\x07",
    "osc99": lambda text: f"\x1b]99;i=1:d=0;{_TITLE}\x07\x1b]99;i=1:p=body;{text}\x07",
}
