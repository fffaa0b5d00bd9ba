"""The sessions that are open, and the list of all."""

import asyncio
from collections.abc import Callable, Iterable

from tui.domain.language import _
from tui.domain.session import Session, SessionTitle
from tui.store.locks import Lock
from tui.store.session_file import newer
from tui.store.sessions import Found, SessionDamaged, SessionStore
from tui.worker.events import Events, Notice, SessionChanged, SessionRemoved, SessionsLearned

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
        self._removed: set[str] = set()
        """Sessions whose files may still be there for a moment."""
        self._held: set[str] = set()
        """Sessions that are being answered."""
        self._left: set[str] = set()
        """Those of them that are to be closed after that."""
        self.before_removal: Callable[[str], object] = lambda _id: None
        """Ends what still writes to a session."""

    def create(self, host: str, model: str) -> Session:
        """A new conversation; it is written once it has a message."""
        session = Session(host=host, model=model)
        self._open[session.id] = session
        return session

    def open(self, id: str) -> Session:
        """A session, read from disk unless open already.

        Raises OSError and SessionDamaged.
        """
        if id not in self._open:
            stamp = self._store.changed_at(id)
            session = self._open[id] = self._store.load(id)
            self._stamps[id] = stamp
            if not self.writable(id):
                self._events.tell(Notice(self._why_not(session), "warning"))
        return self._open[id]

    def opened(self, ids: Iterable[str]) -> dict[str, Session]:
        """Those of these sessions that are open."""
        return {each: self._open[each] for each in ids if each in self._open}

    def close(self, id: str) -> None:
        """Let go of a session; another program may write it once it is on disk."""
        if id in self._held:
            self._left.add(id)
            return
        self._open.pop(id, None)
        self._unlock_closed()

    def hold(self, id: str) -> None:
        """Keep a session open and locked while it is answered, whoever closes it meanwhile."""
        self._held.add(id)

    def unhold(self, id: str) -> None:
        """It is answered: it is closed now if someone asked for that."""
        self._held.discard(id)
        if id in self._left:
            self._left.discard(id)
            self.close(id)

    def leave(self) -> None:
        """The program has written all it could: others may write every session now."""
        for lock in self._locks.values():
            lock.release()

    def writable(self, id: str) -> bool:
        """Whether this program may write the session; takes the lock if it is free."""
        if newer(self.open(id)):
            return False
        lock = self._lock(id)
        if lock.held:
            return True
        taken = lock.take()
        if taken:
            self._take_over(id)
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

    def adopt(self, session: Session) -> None:
        """Take in a conversation from elsewhere; the list has it when it is next drawn."""
        self._store.save(session)
        self._titles[session.id] = SessionTitle.of(session)

    def remove(self, id: str) -> None:
        """Put a session into the trash. Raises ReadOnly."""
        if not self._lock(id).take():
            raise ReadOnly(_("This conversation is open in another program: delete it there."))
        self.before_removal(id)
        self._removed.add(id)
        self._store.remove(id)
        self._titles.pop(id, None)
        self.close(id)
        self._events.tell(SessionRemoved(id))

    def restore(self, id: str) -> None:
        """Take a session out of the trash. Raises OSError and SessionDamaged."""
        self._removed.discard(id)
        self._store.restore(id)
        self.tell(self._store.load(id))

    def titles(self) -> list[SessionTitle]:
        """All sessions known so far, newest first."""
        return sorted(self._titles.values(), key=lambda title: title.updated_at, reverse=True)

    def recover(self) -> None:
        """Fold what a crash left into the sessions. Before any session is opened."""
        self._learn(self._store.recover())

    async def scan(self) -> None:
        """Learn of all sessions on disk."""
        self._learn(await asyncio.to_thread(self._store.scan))

    async def follow(self) -> None:
        """Keep sessions that another program writes as they are on disk."""
        while True:
            await asyncio.sleep(_FOLLOW)
            self._unlock_closed()
            for each in [one for one in self._open if not self._lock(one).held]:
                if self._reload(each):
                    self.tell(self._open[each])

    def _lock(self, id: str) -> Lock:
        return self._locks.setdefault(id, self._store.lock(id))

    def _unlock_closed(self) -> None:
        for each in [*self._locks.keys() - self._open.keys()]:
            if self._store.is_written(each):
                self._locks.pop(each).release()

    def _learn(self, found: Found) -> None:
        """Take in what disks hold, unless it is older than what is known here."""
        for title in found.titles:
            known = self._titles.get(title.id)
            newest = known is None or known.updated_at <= title.updated_at
            if newest and title.id not in self._removed:
                self._titles[title.id] = title
        for text in found.damaged:
            self._events.tell(Notice(text, "error"))
        self._events.tell(SessionsLearned())

    def _take_over(self, id: str) -> None:
        """Go on with what another program wrote, and with what it was killed at."""
        left = self._store.fold(id)
        if left.titles:
            self._read(id)  # it is known, even where it cannot be written yet
        else:
            self._reload(id)
        if left != Found():
            self._learn(left)

    def _reload(self, id: str) -> bool:
        """Read again what another program may have written; whether there was anything new."""
        stamp = self._store.changed_at(id)
        if stamp in (0, self._stamps.get(id)) or not self._store.is_written(id):
            return False
        self._stamps[id] = stamp
        return self._read(id)

    def _read(self, id: str) -> bool:
        try:
            self._open[id] = self._store.load(id)
        except (OSError, SessionDamaged) as error:
            self._events.tell(Notice(str(error), "error"))
            return False
        return True

    def _why_not(self, session: Session) -> str:
        if newer(session):
            return _(
                "“{title}” was written by a newer version of this program: read only here."
            ).format(title=session.title)
        return _("“{title}” is open in another program: read only here, and it follows.").format(
            title=session.title
        )
