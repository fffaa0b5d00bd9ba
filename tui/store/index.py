"""What every start wants to know of all sessions, in files that are read at once.

Caches: what they hold is found anew in the session files at will. SQLite, which has the full text,
is not asked here: to load it takes 11 ms and 1.5 MB.
"""

import contextlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec

from tui.domain.places import Places
from tui.domain.session import SessionTitle
from tui.store.files import as_json, write_whole

VERSION = 3
"""Of the full text: what another version made is made anew."""


class _Taken(msgspec.Struct):
    version: int
    stamps: Mapping[str, int]


class Entry(NamedTuple):
    """A session as the cache knows it."""

    title: SessionTitle
    stamp: int
    """The time in ns at which its file was changed."""


class Index:
    """What the list of sessions shows, and which sessions the full text has as they are."""

    def __init__(self, places: Places) -> None:
        self._titles = places.titles
        self._taken = places.taken
        self._full_text = places.index

    def entries(self) -> dict[str, Entry]:
        """All sessions known, by id; none where the cache is missing or damaged."""
        try:
            found = msgspec.json.decode(self._titles.read_bytes(), type=list[Entry])
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            return {}
        return {entry.title.id: entry for entry in found}

    def keep(self, entries: Iterable[Entry]) -> None:
        """Note all sessions there are."""
        _write(self._titles, [*entries])

    def taken(self) -> Mapping[str, int]:
        """The stamps of the sessions in the full text; none where that is missing."""
        try:
            self._full_text.stat()
            found = msgspec.json.decode(self._taken.read_bytes(), type=_Taken)
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            return {}
        return found.stamps if found.version == VERSION else {}

    def note_taken(self, stamps: Mapping[str, int]) -> None:
        """Note what the full text has."""
        _write(self._taken, _Taken(VERSION, stamps))


def _write(path: Path, content: object) -> None:
    with contextlib.suppress(OSError):  # a cache that cannot be written is done without
        write_whole(path, as_json(content), lasting=False)
