"""What is in a folder, as it can be chosen from."""

import os
from pathlib import Path

from tui.store.listing import Listed, listing


def test_names_that_are_no_utf8_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "café.txt").write_bytes(b"")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt")).write_bytes(b"")
    assert listing(tmp_path) == [Listed("café.txt", False), Listed("notes", True)]
