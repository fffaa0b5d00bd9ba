"""The conversations on disk."""

import contextlib
import logging
import time
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from tui.domain.language import _
from tui.domain.places import Places
from tui.domain.session import Message, Session, SessionTitle
from tui.store import buffers
from tui.store.files import files_in, set_aside
from tui.store.index import Entry, Index
from tui.store.journal import Journal, replay
from tui.store.locks import Lock
from tui.store.session_file import TooNew, Unreadable, decode, encode, newer
from tui.store.writer import Writer

if TYPE_CHECKING:
    from tui.store.search import SearchStore

log = logging.getLogger(__name__)

TRASH_SECONDS = 30 * 86400.0
_SETTLE = 0.5
"""Seconds that writing may take where what comes next is read from disk."""


class SessionDamaged(Exception):
    """A session file that could not be read; the text tells the user where it is kept."""


@dataclass
class Found:
    """What a look at the files brought."""

    titles: list[SessionTitle] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)
    """One sentence for each file that was moved aside."""


class SessionStore:
    """Loads and saves sessions; it keeps none of them."""

    def __init__(self, places: Places, writer: Writer) -> None:
        self._folder = places.sessions
        self._trash = places.data / "trash"
        self._locks = places.state
        self._full_text = places.index
        self._index = Index(places)
        self._writer = writer

    @cached_property
    def search(self) -> "SearchStore":
        """The full text of these sessions."""
        from tui.store.search import SearchStore

        return SearchStore(self._full_text, self, self._index)

    def unsearchable(self) -> list[str]:
        """Sessions that the full text does not have as they are."""
        # Mostly there are none, and SQLite is not needed to know that.
        return [] if self._index.taken() == self.stamps() else self.search.behind()

    def load(self, id: str) -> Session:
        """Read a session. Raises OSError and SessionDamaged (the file is kept aside)."""
        path = self._path(id)
        data = self._writer.coming(path) or path.read_bytes()
        if len(data) > buffers.LARGE:
            buffers.give_back()
        try:
            session = decode(data)
        except TooNew as error:
            text = _(
                "The session file {name} was written by a newer version of this program and "
                "cannot be read by this one ({why}). It stays as it is."
            )
            raise SessionDamaged(text.format(name=path.name, why=error)) from error
        except Unreadable as error:
            raise SessionDamaged(set_aside(path, error)) from error
        session.id = path.stem  # a copy of a file is a session of its own
        return session

    def save(self, session: Session) -> None:
        """Write a session whole; the index follows in the next scan."""
        self._writer.write(self._path(session.id), encode(session))

    def flush(self) -> bool:
        """Wait until all that was saved was tried to be written; whether it is."""
        return self._writer.flush()

    def is_written(self, id: str) -> bool:
        """Whether all that was saved of this session is on disk."""
        return self._writer.coming(self._path(id)) is None

    def changed_at(self, id: str) -> int:
        """When the file was changed, in ns; 0 where there is none."""
        try:
            return self._path(id).stat().st_mtime_ns
        except OSError:
            return 0

    def lock(self, id: str) -> Lock:
        """The lock a program holds while it may write this session."""
        return Lock(self._locks / f"session-{id}.lock")

    def journal(self, id: str, beside: str = "") -> Journal:
        """The journal of this session's running answer, or of one beside it, by its id."""
        name = Path(f"{id}.{beside}" if beside else id).name
        return Journal(self._folder / f"{name}.journal", self._path(id), self._writer)

    def remove(self, id: str) -> None:
        """Put a session into the trash, where it stays for 30 days."""
        self._writer.move(self._path(id), self._trash / f"{id}.json")

    def restore(self, id: str) -> None:
        """Take a session out of the trash."""
        self._writer.move(self._trash / f"{id}.json", self._path(id))
        self._writer.flush(_SETTLE)

    def recover(self) -> Found:
        """Fold the journals that a crash left into their sessions, each marked interrupted."""
        found = Found()
        for path in files_in(self._folder, ".journal"):
            lock = self.lock(self._id_of(path))
            if not lock.take():
                continue  # another program is writing it right now
            self._fold_safely(path, found)
            lock.release()
        return found

    def fold(self, id: str) -> Found:
        """Fold what a program that was killed left of one session; under its lock."""
        found = Found()
        for path in files_in(self._folder, ".journal"):
            if self._id_of(path) == id:
                self._fold_safely(path, found)
        return found

    def stamps(self) -> dict[str, int]:
        """When the file of each session was changed, in ns; oldest session first."""
        found = {}
        for path in files_in(self._folder, ".json"):
            with contextlib.suppress(OSError):
                found[path.name.removesuffix(".json")] = path.stat().st_mtime_ns
        return found

    def scan(self) -> Found:
        """All sessions, and the index brought up to date with the files.

        Takes a while with thousands of new ones.
        """
        known, found, present = self._index.entries(), Found(), {}
        for each, stamp in self.stamps().items():
            entry = known.get(each)
            if entry is None or entry.stamp != stamp:
                entry = self._entry(each, stamp, found)
            if entry:
                present[each] = entry
                found.titles.append(entry.title)
        if present != known:
            self._index.keep(present.values())
        self._empty_trash()
        return found

    def _entry(self, id: str, stamp: int, found: Found) -> Entry | None:
        try:
            return Entry(SessionTitle.of(self.load(id)), stamp)
        except SessionDamaged as error:
            found.damaged.append(str(error))
        except OSError:
            pass  # gone meanwhile, or not ours to read
        return None

    def _fold_safely(self, path: Path, found: Found) -> None:
        try:
            self._fold(path, found)
        except OSError as error:
            log.warning("%s could not be recovered: %s", path.name, error)
        finally:
            self._writer.flush(_SETTLE)

    def _fold(self, path: Path, found: Found) -> None:
        data, target = path.read_bytes(), self._path(self._id_of(path))
        message, session = replay(data), self._session_of(target.stem, found)
        if session is None or newer(session):
            return
        if message is None and b"\n" in data.strip():  # more than a line that was cut
            found.damaged.append(set_aside(path, _("its beginning is missing")))
            return
        if message is not None and session.get(message.id) is None:
            session.model = session.model or message.model
            session.add(_interrupted(message))
            self.save(session)
            found.titles.append(SessionTitle.of(session))
        self._writer.remove(path, needs=target)

    def _session_of(self, id: str, found: Found) -> Session | None:
        try:
            return self.load(id)
        except FileNotFoundError:
            pass
        except SessionDamaged as error:
            found.damaged.append(str(error))
            if self._path(id).exists():
                return None  # too new for us, so its journal is too
        return Session(id=id, title=_("Recovered conversation"))

    def _id_of(self, journal: Path) -> str:
        """`ID.journal` and `ID.MESSAGE.journal` are both of the session ID."""
        name = journal.stem  # a copy has points in its own
        return name if self.changed_at(name) else name.rpartition(".")[0] or name

    def _path(self, id: str) -> Path:
        return self._folder / f"{Path(id).name}.json"

    def _empty_trash(self) -> None:
        for path in files_in(self._trash, ".json"):
            try:
                if path.stat().st_mtime < time.time() - TRASH_SECONDS:
                    path.unlink()
            except OSError:
                continue


def _interrupted(message: Message) -> Message:
    return msgspec.structs.replace(
        message,
        state="interrupted",
        error=_("the program ended before the answer did"),
    )
