"""The footer: what can be done now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from textual.binding import Binding
from textual.content import Content
from textual.events import Click
from textual.keys import key_to_character
from textual.message import Message
from textual.reactive import reactive

from tui.widgets.glyphs import UNICODE, g
from tui.widgets.lines import Lines, line
from tui.widgets.zone import Zone

_GAP = "   "
_NAMES = {
    "escape": "esc",
    "pagedown": "pgdn",
    "pageup": "pgup",
    "delete": "del",
    "minus": "-",
    "plus": "+",
    "slash": "/",
    "backslash": "\\",
    "at": "@",
    "underscore": "_",
}
_ARROWS = {"up": "↑", "down": "↓", "left": "←", "right": "→"}
_KEPT = frozenset({"space", "enter", "tab", "backspace", "home", "end"})


class Hint(NamedTuple):
    """A key as the user reads it, and what it does."""

    key: str
    label: str
    press: str = ""
    """The key that a click stands for, as a binding names it."""


def key_name(key: str) -> str:
    """A binding's key as the screen writes it: ^N, enter, esc, space, ?."""
    *modifiers, last = key.split("+")
    if "ctrl" in modifiers:
        return f"^{_one(last).upper()}"
    return "-".join([*modifiers, _one(last)])


def _one(key: str) -> str:
    if key in _KEPT:
        return key
    if key in _ARROWS:
        return _ARROWS[key] if g == UNICODE else key
    return _NAMES.get(key) or key_to_character(key) or key


def hints_of(bindings: Iterable[Binding]) -> list[Hint]:
    """One hint an action, under its first key; the keys of a group share one."""
    keys: dict[str, list[str]] = {}
    labels: dict[str, str] = {}
    presses: dict[str, str] = {}
    seen: set[str] = set()
    for binding in bindings:
        own = binding.id or binding.action
        if own in seen:
            continue
        seen.add(own)
        name = binding.group.description if binding.group else own
        keys.setdefault(name, []).append(binding.key_display or key_name(binding.key))
        labels.setdefault(name, binding.group.description if binding.group else binding.description)
        presses.setdefault(name, binding.key)
    return [Hint(" ".join(keys[name]), label, presses[name]) for name, label in labels.items()]


class KeyBar(Zone):
    """Hints, most useful first; what does not fit is left out, but never the last."""

    hints: reactive[Sequence[Hint]] = reactive[Sequence[Hint]](())

    def __init__(self, *, air: int = 1) -> None:
        super().__init__()
        self._air = air
        """Columns left free at its left end."""

    @dataclass
    class Pressed(Message):
        """The user clicked on the hint of a key."""

        key: str

    def draw(self, width: int, height: int) -> Lines:
        row = line(" " * self._air)
        for hint in self._fitting(width):
            row = line(row, _shown(hint), _GAP)
        return [row.rstrip() if self.hints else line()]

    def on_click(self, event: Click) -> None:
        start = self._air
        for hint in self._fitting(self.size.width):
            end = start + _shown(hint).cell_length
            if start <= event.x < end and hint.press:
                event.stop()
                self.post_message(self.Pressed(hint.press))
                return
            start = end + len(_GAP)

    def _fitting(self, width: int) -> list[Hint]:
        if not self.hints:
            return []
        *some, last = self.hints
        kept, room = list[Hint](), width - self._air - _shown(last).cell_length
        for hint in some:
            size = _shown(hint).cell_length + len(_GAP)
            if size <= room:
                kept.append(hint)
                room -= size
        return [*kept, last]


def _shown(hint: Hint) -> Content:
    return line((hint.key, "bold $foreground"), " ", (hint.label, "$muted"))
