"""What the list of sessions shows, in one file, so that the list opens at once.

A cache: what it holds is rebuilt from the session files at will.
"""

import contextlib
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from tui.domain.session import SessionTitle
from tui.store.cache import forget_if_damaged, opened

_TABLE = "create table if not exists titles (id text primary key, stamp integer, title blob)"


class Entry(NamedTuple):
    """A session as the cache knows it."""

    title: SessionTitle
    stamp: int
    """The time in ns at which its file was changed."""


class Index:
    """The cache file. Every call opens and closes it, so any thread may use it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def entries(self) -> dict[str, Entry]:
        """All sessions known, by id; none where the cache is missing or damaged."""
        try:
            with opened(self._path, _TABLE) as connection:
                rows = connection.execute("select stamp, title from titles").fetchall()
            decode = msgspec.json.Decoder(SessionTitle).decode
            found = [Entry(decode(title), stamp) for stamp, title in rows]
        except (OSError, sqlite3.Error, msgspec.MsgspecError, TypeError) as error:
            forget_if_damaged(self._path, error)
            return {}
        return {entry.title.id: entry for entry in found}

    def put(self, entries: Sequence[Entry]) -> None:
        """Note sessions with the times at which their files were changed."""
        rows = [(title.id, stamp, msgspec.json.encode(title)) for title, stamp in entries]
        self._many("insert or replace into titles values (?, ?, ?)", rows)

    def drop(self, ids: Sequence[str]) -> None:
        """Forget sessions."""
        self._many("delete from titles where id = ?", [(each,) for each in ids])

    def _many(self, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
        # A cache that cannot be written is done without.
        with contextlib.suppress(OSError, sqlite3.Error), opened(self._path, _TABLE) as cache:
            cache.executemany(statement, rows)
