"""What the list of sessions shows, in one file, so that the list opens at once.

A cache: what it holds is rebuilt from the session files at will.
"""

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from tui.domain.session import SessionTitle
from tui.store.files import make_folder

_TABLE = "create table if not exists titles (id text primary key, stamp integer, title blob)"
_VERSION = 1


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
            with self._opened() as connection:
                rows = connection.execute("select stamp, title from titles").fetchall()
            decode = msgspec.json.Decoder(SessionTitle).decode
            found = [Entry(decode(title), stamp) for stamp, title in rows]
        except (OSError, sqlite3.Error, msgspec.MsgspecError, TypeError):
            with contextlib.suppress(OSError):
                self._path.unlink(missing_ok=True)  # damaged: it is only a cache
            return {}
        return {entry.title.id: entry for entry in found}

    def put(self, entries: Sequence[Entry]) -> None:
        """Note sessions with the times at which their files were changed."""
        rows = [(title.id, stamp, msgspec.json.encode(title)) for title, stamp in entries]
        self._many("insert or replace into titles values (?, ?, ?)", rows)

    def drop(self, ids: Sequence[str]) -> None:
        """Forget sessions."""
        self._many("delete from titles where id = ?", [(each,) for each in ids])

    @contextlib.contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        make_folder(self._path.parent)
        self._path.touch(0o600)
        with contextlib.closing(sqlite3.connect(self._path, timeout=2.0)) as connection, connection:
            if connection.execute("pragma user_version").fetchone()[0] != _VERSION:
                connection.execute("drop table if exists titles")
                connection.execute(f"pragma user_version = {_VERSION}")
            connection.execute(_TABLE)
            yield connection

    def _many(self, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
        # A cache that cannot be written is done without.
        with contextlib.suppress(OSError, sqlite3.Error), self._opened() as connection:
            connection.executemany(statement, rows)
