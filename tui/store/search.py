"""What was said in all sessions, in an index that finds it by its words.

A cache, brought up to date message by message.
"""

import logging
import sqlite3
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

import msgspec

from tui.domain.session import Message, Role, Session
from tui.domain.words import Excerpt, excerpt, expression, spelled
from tui.store.cache import forget_if_damaged, opened
from tui.store.index import Index
from tui.store.sessions import SessionDamaged, SessionStore

log = logging.getLogger(__name__)

MOST = 50
"""Results of one search: nobody reads on beyond."""

_TABLES = (
    "create table if not exists taken (session text primary key, stamp integer)",
    "create table if not exists texts (number integer primary key, session text, message text,"
    " role text, made text, content text)",
    "create index if not exists texts_of on texts (session)",
    # Without a copy of the content: texts holds that, and words are spelled otherwise.
    "create virtual table if not exists words using fts5"
    " (content, content='', tokenize='unicode61 remove_diacritics 2')",
)
_FIND = (
    "select session, message, role, made, content from texts where number in"
    " (select rowid from words where words match ? order by rowid desc limit ?)"
    " order by number desc"
)

_NONE: Mapping[str, Session] = {}


class Hit(msgspec.Struct, frozen=True):
    """A message in which something was found."""

    session_id: str
    message_id: str
    role: Role
    created_at: datetime
    excerpt: Excerpt


class SearchStore:
    """The full text of all sessions. Its calls take their time: they are for threads."""

    def __init__(self, path: Path, sessions: SessionStore, index: Index) -> None:
        self._path = path
        self._sessions = sessions
        self._index = index

    def behind(self) -> list[str]:
        """Sessions whose files are not as they were taken in; those that are gone are forgotten."""
        present = self._sessions.stamps()
        try:
            with opened(self._path, *_TABLES) as cache:
                taken = _taken(cache)
                for each in taken.keys() - present.keys():
                    _forget(cache, each)
                taken = _taken(cache)
        except (OSError, sqlite3.Error) as error:
            forget_if_damaged(self._path, error)
            return [*present]
        self._index.note_taken(taken)
        return [each for each, stamp in present.items() if taken.get(each) != stamp]

    def take_in(self, ids: Iterable[str], read: Mapping[str, Session] = _NONE) -> list[str]:
        """Read sessions as they are now, unless they were; a sentence for each damaged file."""
        found, damaged = [], []
        for each in ids:
            stamp = self._sessions.changed_at(each)
            try:
                found.append((read.get(each) or self._sessions.load(each), stamp))
            except SessionDamaged as error:
                damaged.append(str(error))
            except OSError:
                found.append((Session(id=each), 0))  # gone, and so is what was said in it
        self._keep(found)
        return damaged

    def _keep(self, found: Iterable[tuple[Session, int]]) -> None:
        try:
            with opened(self._path, *_TABLES) as cache:
                for session, stamp in found:
                    _take(cache, session, stamp)
                taken = _taken(cache)
        except (OSError, sqlite3.Error) as error:
            log.warning("the full text could not be kept: %s", error)
            forget_if_damaged(self._path, error)
        else:
            self._index.note_taken(taken)

    def find(self, query: str, most: int = MOST) -> list[Hit]:
        """The messages that hold all words of a query, the newest first."""
        wanted = expression(query)
        if not wanted:
            return []
        try:
            with opened(self._path, *_TABLES) as cache:
                rows = cache.execute(_FIND, (wanted, most)).fetchall()
        except (OSError, sqlite3.Error) as error:
            log.warning("the full text could not be searched: %s", error)
            forget_if_damaged(self._path, error)
            return []
        return [
            Hit(session, message, role, datetime.fromisoformat(made), excerpt(content, query))
            for session, message, role, made, content in rows
        ]


def _taken(cache: sqlite3.Connection) -> dict[str, int]:
    """The stamps of the sessions that are in the index."""
    return dict(cache.execute("select session, stamp from taken").fetchall())


def _take(cache: sqlite3.Connection, session: Session, stamp: int) -> None:
    """Bring the index from what it knows of a session to what there is."""
    wanted = {each.id: each for each in session.messages if each.content}
    gone = []
    # Row by row: of a long session there is not room for all texts twice.
    for number, message, content in cache.execute(
        "select number, message, content from texts where session = ?", (session.id,)
    ):
        if message in wanted and wanted[message].content == content:
            del wanted[message]
        else:
            gone.append((number, content))
    for number, content in gone:
        _remove(cache, number, content)
    for each in wanted.values():
        _add(cache, session.id, each)
    if stamp:
        cache.execute("insert or replace into taken values (?, ?)", (session.id, stamp))
    else:
        cache.execute("delete from taken where session = ?", (session.id,))


def _add(cache: sqlite3.Connection, session_id: str, message: Message) -> None:
    content = message.content.encode(errors="replace").decode()  # half a character, from a model
    row = (session_id, message.id, message.role, message.created_at.isoformat(), content)
    number = cache.execute(
        "insert into texts (session, message, role, made, content) values (?, ?, ?, ?, ?)", row
    ).lastrowid
    cache.execute("insert into words (rowid, content) values (?, ?)", (number, spelled(content)))


def _remove(cache: sqlite3.Connection, number: int, content: str) -> None:
    # An index without a copy of the content must be told what to take out.
    told = ("delete", number, spelled(content))
    cache.execute("insert into words (words, rowid, content) values (?, ?, ?)", told)
    cache.execute("delete from texts where number = ?", (number,))


def _forget(cache: sqlite3.Connection, session_id: str) -> None:
    _take(cache, Session(id=session_id), 0)
