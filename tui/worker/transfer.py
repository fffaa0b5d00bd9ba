"""Conversations on their way out into files of the user's own, and in from other programs'."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from tui.domain.exports import Form, file_name
from tui.domain.session import Session
from tui.store.sessions import SessionDamaged, SessionStore
from tui.worker.conversations import Conversations
from tui.worker.search import Search

if TYPE_CHECKING:
    from tui.store.imports.reading import Imported

_AT_ONCE = 16
"""Conversations written in one go: the program can end between two of them."""


class Moved(msgspec.Struct):
    """What came of an export or an import."""

    count: int = 0
    """Conversations written."""
    skipped: list[str] = []
    """One sentence for each that was left out."""


class Transfer:
    """Exports and imports conversations, in threads."""

    def __init__(self, store: SessionStore, conversations: Conversations, search: Search) -> None:
        self._store = store
        self._conversations = conversations
        self._search = search

    async def export(self, session: Session, form: Form, path: Path) -> Path:
        """Write the branch shown into a new file, or one of the folder given; where it is now.

        Raises OSError.
        """
        from tui.store.exports import content_of

        content = content_of(session, form)
        return await asyncio.to_thread(_write, path, file_name(session, form), content)

    async def save(self, text: str, path: Path, name: str) -> Path:
        """Write a text into a new file, or one of that name in the folder given; where it is now.

        Raises OSError.
        """
        return await asyncio.to_thread(_write, path, name, text.encode(errors="replace"))

    async def export_all(self, form: Form, folder: Path) -> Moved:
        """Write every conversation into a folder, which is made if need be. Raises OSError."""
        moved = Moved()
        await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
        ids = [*await asyncio.to_thread(self._store.stamps)]
        for start in range(0, len(ids), _AT_ONCE):
            some = ids[start : start + _AT_ONCE]
            await asyncio.to_thread(self._export, some, form, folder, moved)
        return moved

    async def bring_in(self, path: Path, host: str) -> Moved:
        """Take in all conversations of a file or folder; they go on with `host`. Raises OSError."""
        found = await asyncio.to_thread(_imported, path)
        for start in range(0, len(found.sessions), _AT_ONCE):
            for session in found.sessions[start : start + _AT_ONCE]:
                session.host = host
                self._conversations.adopt(session)
            await asyncio.to_thread(self._store.flush)
        await self._search.read_all()
        return Moved(len(found.sessions), found.skipped)

    def _export(self, ids: list[str], form: Form, folder: Path, moved: Moved) -> None:
        from tui.store.exports import content_of, write_new

        for each in ids:
            try:
                session = self._store.load(each)
            except SessionDamaged as error:
                moved.skipped.append(str(error))
            else:
                write_new(folder / file_name(session, form), content_of(session, form))
                moved.count += 1


def _write(path: Path, name: str, content: bytes) -> Path:
    from tui.store.exports import write_new

    return write_new(path / name if path.is_dir() else path, content)


def _imported(path: Path) -> "Imported":
    from tui.store.imports.reading import imported

    return imported(path)
