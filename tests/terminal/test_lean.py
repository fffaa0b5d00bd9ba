"""Textual is loaded without what nobody sees, and is whole afterwards."""

import subprocess
import sys

_CODE = """
import sys
from tui.terminal.lean import lean
with lean():
    import tui.app
print("textual.widgets._directory_tree" in sys.modules, "textual.command" in sys.modules)
from textual.types import DirEntry
from tui.screens.palette import Palette
print(DirEntry.__module__, Palette.__mro__[1].__module__)
"""


_WHOLE = ["textual.widgets._directory_tree", "textual.command"]


def _told(code: str) -> list[str]:
    command = [sys.executable, "-P", "-c", code]
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout.split()


def test_the_app_is_imported_without_trees_and_palette_which_can_be_had_afterwards() -> None:
    assert _told(_CODE) == ["False", "False", *_WHOLE]


def test_where_textual_is_loaded_whole_it_stays_so() -> None:
    assert _told("import textual.types, textual.command" + _CODE) == ["True", "True", *_WHOLE]
