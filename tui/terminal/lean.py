"""Textual without what nobody here shows."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

_ITEMS = ("CommandListItem", "DiscoveryHit", "Hit", "Hits")
_OF_THE_PALETTE = ("CommandPalette", "Provider", "SimpleProvider", *_ITEMS)


@contextmanager
def lean() -> Iterator[None]:
    """Import Textual's app in here: 12 ms less.

    It loads its palette, and that trees, selections, folders and buttons, for a key and a type that
    are not used before ours is opened. Afterwards all can be imported as always.
    """
    from textual import _types

    stand_ins = {"textual.types": _types, "textual.command": _palette()}
    put = {name: each for name, each in stand_ins.items() if name not in sys.modules}
    sys.modules.update(put)
    try:
        yield
    finally:
        for name in put:
            del sys.modules[name]


def _palette() -> ModuleType:
    """The names that Textual's app and themes take from its palette."""
    module = ModuleType("textual.command")
    for name in _OF_THE_PALETTE:
        setattr(module, name, type(name, (), {}))
    return module
