"""The cache file: an SQLite database, all of which is rebuilt from the session files at will."""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from tui.store.files import make_folder
from tui.store.index import VERSION

PATIENCE = 5.0
"""Seconds to wait for another program that writes."""
_TABLES = ("texts", "taken", "words")


@contextlib.contextmanager
def opened(path: Path, *tables: str) -> Iterator[sqlite3.Connection]:
    """The file with these tables in it, for one transaction. Raises OSError and sqlite3.Error.

    Every use opens and closes it, so any thread may.
    """
    make_folder(path.parent)
    path.touch(0o600)
    with contextlib.closing(sqlite3.connect(path, timeout=PATIENCE)) as connection, connection:
        connection.execute("pragma synchronous = off")  # what a crash spoils is built again
        if _is_other(connection):
            connection.execute("begin immediate")
            if _is_other(connection):  # unless somebody came first: theirs must not be dropped
                for table in _TABLES:
                    connection.execute(f"drop table if exists {table}")
                connection.execute(f"pragma user_version = {VERSION}")
            connection.commit()
        for table in tables:
            connection.execute(table)
        yield connection


def _is_other(connection: sqlite3.Connection) -> bool:
    """Whether the file is new, or of another version of this program."""
    version: int = connection.execute("pragma user_version").fetchone()[0]
    return version != VERSION


def forget_if_damaged(path: Path, error: Exception) -> None:
    """Delete a cache that cannot be read; one that only is in use by others stays."""
    if not isinstance(error, sqlite3.OperationalError):
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
