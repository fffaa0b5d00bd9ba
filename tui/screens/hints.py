"""What the footer says: the keys that work now, in the order in which they were declared."""

from functools import cache
from typing import Any

from textual.binding import ActiveBinding, Binding
from textual.dom import DOMNode
from textual.screen import Screen

from tui.widgets.key_bar import Hint, hints_of

_LAST = ("cancel",)
"""Actions that leave: they end the footer of a dialog."""


def active_hints(screen: Screen[Any]) -> list[Hint]:
    """From the focused widget outwards; of each, its own before what it inherits."""
    active = [each for each in screen.active_bindings.values() if each.binding.show]
    nodes = list(dict.fromkeys(each.node for each in active))

    def place(each: ActiveBinding) -> tuple[bool, int, int]:
        declared = _declared(type(each.node))
        rank = declared.get(each.binding.id or each.binding.action, len(declared))
        return each.binding.action in _LAST, nodes.index(each.node), rank

    return hints_of(each.binding for each in sorted(active, key=place) if each.enabled)


@cache
def _declared(kind: type[DOMNode]) -> dict[str, int]:
    """The place of every binding: a class's own before those of its bases."""
    places: dict[str, int] = {}
    for each in kind.__mro__:
        for binding in Binding.make_bindings(each.__dict__.get("BINDINGS", [])):
            places.setdefault(binding.id or binding.action, len(places))
    return places
