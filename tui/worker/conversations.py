"""The sessions that are open, and the list of all."""

import asyncio
import logging
from collections.abc import Callable

from tui.domain.language import _
from tui.domain.session import Session, SessionTitle
from tui.store.locks import Lock
from tui.store.session_file import newer
from tui.store.sessions import SessionDamaged, SessionStore
from tui.worker.events import Events, Notice, SessionChanged, SessionRemoved

log = logging.getLogger(__name__)

_FOLLOW = 2.0
"""Seconds between looks at a session that another program writes."""


class ReadOnly(Exception):
    """This session may not be written by this program now; the text says why."""


class Conversations:
    """Owns every open session: whoever wants to change one asks here.

    A session is written under its lock. One that another program holds, or that a newer version
    wrote, is open for reading only and follows the changes on disk.
    """

    def __init__(self, store: SessionStore, events: Events) -> None:
        self._store = store
        self._events = events
        self._open: dict[str, Session] = {}
        self._locks: dict[str, Lock] = {}
        self._stamps: dict[str, int] = {}
        self._titles: dict[str, SessionTitle] = {}

    def create(self, host: str, model: str) -> Session:
        """A new conversation; it is written once it has a message."""
        session = Session(host=host, model=model)
        self._open[session.id] = session
        return session

    def open(self, id: str) -> Session:
        """A session, read from disk unless open already.

        Raises FileNotFoundError and SessionDamaged.
        """
        if id not in self._open:
            session = self._open[id] = self._store.load(id)
            self._stamps[id] = self._store.changed_at(id)
            if not self.writable(id):
                self._events.tell(Notice(self._why_not(session), "warning"))
        return self._open[id]

    def close(self, id: str) -> None:
        """Let go of a session; another program may write it from now on."""
        self._open.pop(id, None)
        if lock := self._locks.pop(id, None):
            lock.release()

    def writable(self, id: str) -> bool:
        """Whether this program may write the session; takes the lock if it is free."""
        if newer(self._open[id]):
            return False
        lock = self._locks.setdefault(id, self._store.lock(id))
        if lock.held:
            return True
        taken = lock.take()
        if taken:
            self._reload(id)
        return taken

    def change(self, id: str, change: Callable[[Session], None]) -> Session:
        """Change a session, save it and tell. Raises ReadOnly."""
        if not self.writable(id):
            raise ReadOnly(self._why_not(self._open[id]))
        session = self._open[id]
        change(session)
        if session.messages:
            self._store.save(session)
        self.tell(session)
        return session

    def tell(self, session: Session) -> None:
        """Let everyone know how a session stands now."""
        if session.messages:
            self._titles[session.id] = SessionTitle.of(session)
        self._events.tell(SessionChanged(session))

    def remove(self, id: str) -> None:
        """Put a session into the trash. Raises ReadOnly."""
        if id in self._open:
            if not self.writable(id):
                raise ReadOnly(self._why_not(self._open[id]))
            self.close(id)
        self._store.remove(id)
        self._titles.pop(id, None)
        self._events.tell(SessionRemoved(id))

    def restore(self, id: str) -> None:
        """Take a session out of the trash."""
        self._store.restore(id)

    def titles(self) -> list[SessionTitle]:
        """All sessions known so far, newest first."""
        return sorted(self._titles.values(), key=lambda title: title.updated_at, reverse=True)

    def recover(self) -> None:
        """Fold what a crash left into the sessions. Before any session is opened."""
        for session, _message in self._store.recover():
            self._titles[session.id] = SessionTitle.of(session)

    async def scan(self) -> None:
        """Learn of all sessions on disk."""
        found = await asyncio.to_thread(self._store.scan)
        fresh = {title.id: title for title in found.titles}
        self._titles = fresh | self._titles
        for text in found.damaged:
            self._events.tell(Notice(text, "error"))

    async def follow(self) -> None:
        """Keep sessions that another program writes as they are on disk."""
        while True:
            await asyncio.sleep(_FOLLOW)
            for each in [name for name, lock in self._locks.items() if not lock.held]:
                if each in self._open and self._store.changed_at(each) != self._stamps.get(each):
                    self._reload(each)
                    self.tell(self._open[each])

    def _reload(self, id: str) -> None:
        """Read again what another program may have written."""
        stamp = self._store.changed_at(id)
        if stamp in (0, self._stamps.get(id)):
            return
        try:
            self._open[id] = self._store.load(id)
            self._stamps[id] = stamp
        except (OSError, SessionDamaged) as error:
            log.warning("session %s could not be read again: %s", id, error)

    def _why_not(self, session: Session) -> str:
        if newer(session):
            return _(
                "“{title}” was written by a newer version of this program: read only here."
            ).format(title=session.title)
        return _("“{title}” is open in another program: read only here, and it follows.").format(
            title=session.title
        )
