"""What the list of sessions shows, in one file, so that the list opens at once.

A cache: what it holds is rebuilt from the session files at will.
"""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec

from tui.domain.session import SessionTitle
from tui.store.files import make_folder

_TABLE = "create table if not exists titles (id text primary key, stamp integer, title blob)"
_VERSION = 1


class Index:
    """The cache file. Every call opens and closes it, so any thread may use it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def titles(self) -> list[SessionTitle]:
        """All sessions, newest first; none where the cache is missing or damaged."""
        try:
            rows = self._run("select title from titles")
            found = [msgspec.json.decode(row[0], type=SessionTitle) for row in rows]
        except (OSError, sqlite3.Error, msgspec.MsgspecError):
            return []
        return sorted(found, key=lambda title: title.updated_at, reverse=True)

    def stamps(self) -> dict[str, int]:
        """For each session known, the time in ns at which its file was changed."""
        try:
            return dict(self._run("select id, stamp from titles"))
        except (OSError, sqlite3.Error):
            self._path.unlink(missing_ok=True)  # damaged: it is only a cache
            return {}

    def put(self, entries: Sequence[tuple[SessionTitle, int]]) -> None:
        """Note sessions with the times at which their files were changed."""
        rows = [(title.id, stamp, msgspec.json.encode(title)) for title, stamp in entries]
        self._many("insert or replace into titles values (?, ?, ?)", rows)

    def drop(self, ids: Sequence[str]) -> None:
        """Forget sessions."""
        self._many("delete from titles where id = ?", [(each,) for each in ids])

    def _open(self) -> sqlite3.Connection:
        make_folder(self._path.parent)
        connection = sqlite3.connect(self._path, timeout=2.0)
        if connection.execute("pragma user_version").fetchone()[0] != _VERSION:
            connection.execute("drop table if exists titles")
            connection.execute(f"pragma user_version = {_VERSION}")
        connection.execute(_TABLE)
        return connection

    def _run(self, statement: str) -> list[Any]:
        with closing(self._open()) as connection:
            return connection.execute(statement).fetchall()

    def _many(self, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
        try:
            with closing(self._open()) as connection, connection:
                connection.executemany(statement, rows)
        except (OSError, sqlite3.Error):
            return  # a cache that cannot be written is done without
