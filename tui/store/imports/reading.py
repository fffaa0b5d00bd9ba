"""Reads whatever file of conversations a user has, finding out whose it is."""

import sqlite3
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from tui.domain.language import _
from tui.domain.session import Session
from tui.store.imports import chatgpt, databases, open_webui, openai, ours, parllama

_SOURCES: tuple[tuple[Callable[[object], bool], Callable[[object], Session]], ...] = (
    (ours.fits, ours.session),
    (chatgpt.fits, chatgpt.session),
    (open_webui.fits, open_webui.session),
    (parllama.fits, parllama.session),
    (openai.fits, openai.session),
)
"""Those of JSON, the most particular first."""
_SQLITE, _ZIP = b"SQLite format 3\0", b"PK\x03\x04"
_ENDINGS = (".json", ".jsonl")
_UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, RecursionError)
"""What an entry raises that is not as its program writes it."""
_DAMAGED = (ValueError, RuntimeError, EOFError, zlib.error, zipfile.BadZipFile, sqlite3.Error)
"""What a file raises that is cut, altered or, as a RuntimeError, has a password."""

Reader = Callable[[], Session]


class Imported(msgspec.Struct):
    """What was found in files."""

    sessions: list[Session] = []
    skipped: list[str] = []
    """One sentence for each entry that could not be read."""


def imported(path: Path) -> Imported:
    """All conversations in a file, or in the files of a folder. Raises OSError."""
    found = Imported()
    files = [each for each in sorted(path.glob("*.json*")) if each.suffix in _ENDINGS]
    for file in files if path.is_dir() else [path]:
        _read(file, found)
    return found


def _read(path: Path, found: Imported) -> None:
    number = 0
    try:
        for number, read in enumerate(_readers(path), 1):
            try:
                found.sessions.append(read())
            except _UNREADABLE as error:
                text = _("Entry {number} of {name} was left out: {why}.")
                found.skipped.append(text.format(number=number, name=path.name, why=error))
    except _DAMAGED as error:
        text = _("{name} cannot be read: {why}.")
        found.skipped.append(text.format(name=path.name, why=error))


def _readers(path: Path) -> Iterator[Reader]:
    """What reads each entry of a file. Raises ValueError."""
    with path.open("rb") as file:
        begin = file.read(16)
    if begin == _SQLITE:
        yield from databases.sessions(path)
    elif begin.startswith(_ZIP):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name.rpartition("/")[2].startswith("conversations") and name.endswith(".json"):
                    yield from _entries(archive.read(name))
    else:
        yield from _entries(path.read_bytes())


def _entries(data: bytes) -> Iterator[Reader]:
    """The entries of JSON: one, a list, or one a line."""
    data = data.removeprefix(b"\xef\xbb\xbf").strip()
    if data.startswith(b"["):
        # Entry by entry: a hundred megabytes at once would hold up the screen.
        entries = msgspec.json.decode(data, type=list[msgspec.Raw])
        yield from _one_or_many(entries)
        return
    try:
        entry = msgspec.json.decode(data)
    except msgspec.DecodeError:
        first, *others = [line for line in data.split(b"\n") if line.strip()] or [b""]
        if not others or not first.rstrip().endswith(b"}"):
            raise
        yield from _one_or_many([first, *others])
    else:
        yield partial(_session, entry)


def _one_or_many(entries: list[Any]) -> Iterator[Reader]:
    """A list is of conversations, or it is of messages and so one conversation."""
    first = msgspec.json.decode(entries[0]) if entries else None
    if isinstance(first, dict) and "role" in first and "messages" not in first:
        yield partial(_of_messages, entries)
    else:
        yield from (partial(_decoded, entry) for entry in entries)


def _of_messages(entries: list[Any]) -> Session:
    return _session([msgspec.json.decode(entry) for entry in entries])


def _decoded(entry: bytes) -> Session:
    return _session(msgspec.json.decode(entry))


def _session(entry: object) -> Session:
    for fits, session in _SOURCES:
        if fits(entry):
            return session(entry)
    raise ValueError(_("it is no conversation that this program knows"))
