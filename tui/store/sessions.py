"""The conversations on disk."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from tui.domain.language import _
from tui.domain.places import Places
from tui.domain.session import Message, Session, SessionTitle
from tui.store.files import Writer, set_aside
from tui.store.journal import Journal, replay
from tui.store.locks import Lock
from tui.store.session_file import Unreadable, decode, encode

if TYPE_CHECKING:
    from tui.store.index import Index

TRASH_SECONDS = 30 * 86400.0


class SessionDamaged(Exception):
    """A session file that could not be read and was moved aside; the text is for the user."""


@dataclass
class Scan:
    """What a look at all session files brought."""

    titles: list[SessionTitle] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)
    """One sentence for each file that was moved aside."""


class SessionStore:
    """Loads and saves sessions; it keeps none of them."""

    def __init__(self, places: Places, writer: Writer) -> None:
        self._folder = places.sessions
        self._trash = places.data / "trash"
        self._locks = places.state
        self._cache = places.cache
        self._writer = writer

    @cached_property
    def _index(self) -> "Index":
        from tui.store.index import Index  # sqlite3 costs 11 ms, which the first frame need not pay

        return Index(self._cache / "index.sqlite")

    def load(self, id: str) -> Session:
        """Read a session. Raises FileNotFoundError and SessionDamaged (the file is kept aside)."""
        return self._read(self._path(id))

    def save(self, session: Session) -> None:
        """Write a session whole; the index follows in the next scan."""
        self._writer.write(self._path(session.id), encode(session))

    def changed_at(self, id: str) -> int:
        """When the file was changed, in ns; 0 where there is none."""
        try:
            return self._path(id).stat().st_mtime_ns
        except OSError:
            return 0

    def lock(self, id: str) -> Lock:
        """The lock a program holds while it may write this session."""
        return Lock(self._locks / f"session-{id}.lock")

    def journal(self, id: str) -> Journal:
        """The journal of this session's running answer."""
        return Journal(self._journal(id), self._writer)

    def remove(self, id: str) -> None:
        """Put a session into the trash, where it stays for 30 days."""
        self._writer.move(self._path(id), self._trash / f"{id}.json")

    def restore(self, id: str) -> None:
        """Take a session out of the trash."""
        self._writer.move(self._trash / f"{id}.json", self._path(id))

    def recover(self) -> list[tuple[Session, Message]]:
        """Fold the journals that a crash left into their sessions, each marked interrupted."""
        return [found for path in sorted(self._all(".journal")) if (found := self._fold(path))]

    def titles(self) -> list[SessionTitle]:
        """What the index knows; `scan` brings it up to date."""
        return self._index.titles()

    def scan(self) -> Scan:
        """Bring the index up to date with the files. Takes a while with thousands of new ones."""
        known, present = self._index.stamps(), dict(self._stamps())
        result, fresh = Scan(), []
        for each in (name for name in present if present[name] != known.get(name)):
            try:
                fresh.append((SessionTitle.of(self.load(each)), present[each]))
            except SessionDamaged as error:
                result.damaged.append(str(error))
            except OSError:
                continue  # gone meanwhile, or not ours to read
        self._index.put(fresh)
        self._index.drop([each for each in known if each not in present])
        result.titles = self._index.titles() or [title for title, _stamp in fresh]
        self._empty_trash()
        return result

    def _fold(self, path: Path) -> tuple[Session, Message] | None:
        name = path.name.removesuffix(".journal")
        lock = self.lock(name)
        if not lock.take():
            return None  # another program is writing it right now
        try:
            message = replay(path.read_bytes())
            session = self._session_of(name)
        except OSError:
            return None
        finally:
            lock.release()
        if message is None or session.get(message.id):
            self._writer.remove(path)
            return None
        message = _interrupted(message)
        session.add(message)
        self.save(session)
        self._writer.remove(path)
        return session, message

    def _session_of(self, id: str) -> Session:
        try:
            return self.load(id)
        except (FileNotFoundError, SessionDamaged):
            return Session(id=id, title=_("Recovered conversation"))

    def _read(self, path: Path) -> Session:
        data = path.read_bytes()
        try:
            return decode(data)
        except Unreadable as error:
            try:
                kept = set_aside(path)
            except OSError:
                kept = path
            text = _("The session file {name} cannot be read ({why}). It is kept as {kept}.")
            raise SessionDamaged(text.format(name=path.name, why=error, kept=kept)) from error

    def _path(self, id: str) -> Path:
        return self._folder / f"{Path(id).name}.json"

    def _journal(self, id: str) -> Path:
        return self._folder / f"{Path(id).name}.journal"

    def _all(self, suffix: str) -> Iterator[Path]:
        return self._folder.glob(f"[!.]*{suffix}")

    def _stamps(self) -> Iterator[tuple[str, int]]:
        for path in self._all(".json"):
            try:
                yield path.name.removesuffix(".json"), path.stat().st_mtime_ns
            except OSError:
                continue

    def _empty_trash(self) -> None:
        for path in self._trash.glob("*.json"):
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
