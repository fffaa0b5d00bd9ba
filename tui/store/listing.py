"""What is in a folder, to choose from."""

import os
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from tui.domain.places import home_path
from tui.domain.unicode import writable

_MOST = 5_000
"""Entries that are looked at; nobody chooses from more."""


class Listed(NamedTuple):
    """A file or a folder."""

    name: str
    is_folder: bool


def listing(folder: Path) -> list[Listed]:
    """Folders and files by name; none where the folder cannot be read. `~` is the home.

    Those whose names are no UTF-8 cannot stand in a message, and are left out.
    """
    try:
        with os.scandir(home_path(folder)) as entries:
            found = [
                Listed(each.name, _is_folder(each))
                for each in islice(entries, _MOST)
                if writable(each.name) == each.name
            ]
    except OSError:
        return []
    return sorted(found, key=lambda each: each.name.lower())


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def exists(path: str) -> bool:
    """Whether there is such a file; `~` is the home."""
    return is_file(home_path(path))


def is_file(path: Path) -> bool:
    """Whether there is such a file; a path too long, or in a closed folder, is none."""
    return os.path.isfile(path)  # noqa: PTH113  # pathlib's raises for those two
