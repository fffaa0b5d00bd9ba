"""Textual is loaded without what nobody sees, and is whole afterwards."""

import subprocess
import sys

_CODE = """
import sys
from tui.terminal.lean import lean
with lean():
    import tui.app
print("textual.widgets._directory_tree" in sys.modules)
from textual.types import DirEntry
print(DirEntry.__module__)
"""


def test_the_app_is_imported_without_trees_which_can_be_had_afterwards() -> None:
    found = subprocess.run([sys.executable, "-P", "-c", _CODE], capture_output=True, check=True)
    assert found.stdout.decode().split() == ["False", "textual.widgets._directory_tree"]


def test_where_textual_is_loaded_whole_it_stays_so() -> None:
    code = "import textual.types" + _CODE
    found = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, check=True)
    assert found.stdout.decode().split() == ["True", "textual.widgets._directory_tree"]
