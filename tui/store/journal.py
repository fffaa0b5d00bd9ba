"""The turn being generated, on disk as it streams: NDJSON, one line a flush.

The first line is `{"begin": message}`, the answer as it began; each line after it has a piece
of text (`content`, `thinking`) or `tool_calls`. When the turn ends the answer goes into the
session's JSON and the journal is deleted; a journal found at start is a turn cut off by a crash.
"""

from pathlib import Path
from typing import Any, Protocol

import msgspec

from tui.domain.session import Message
from tui.store.files import as_json
from tui.store.session_file import Unreadable, decode_message, encode_message
from tui.store.writer import Writer


class Journal:
    """The journal of one running answer."""

    def __init__(self, path: Path, session: Path, writer: Writer) -> None:
        self._path = path
        self._session = session
        """Where the answer goes when it has ended."""
        self._writer = writer

    def begin(self, message: Message) -> None:
        """Note the answer that is about to come."""
        self._line({"begin": encode_message(message)})

    def add(self, content: str, thinking: str, tool_calls: list[dict[str, Any]]) -> None:
        """Note what arrived since the last call."""
        piece: dict[str, Any] = {"content": content, "thinking": thinking, "tool_calls": tool_calls}
        self._line({key: value for key, value in piece.items() if value})

    def remove(self) -> None:
        """The answer was saved: once it is in the session's file the journal may go."""
        self._writer.remove(self._path, needs=self._session)

    def _line(self, value: dict[str, Any]) -> None:
        self._writer.append(self._path, as_json(value) + b"\n")


class Journals(Protocol):
    """Where running answers are kept safe."""

    def journal(self, id: str, beside: str = "") -> Journal:
        """The journal of this session's running answer, or of one beside it, by its id."""


class _Line(msgspec.Struct):
    begin: dict[str, Any] | None = None
    content: str = ""
    thinking: str = ""
    tool_calls: list[dict[str, Any]] = []


def replay(data: bytes) -> Message | None:
    """The answer that a journal holds; None if it breaks off before it began.

    A crash may have cut the last line: it is left out.
    """
    begun: Message | None = None
    lines = []
    for raw in data.split(b"\n"):
        try:
            line = msgspec.json.decode(raw, type=_Line)
            begun = decode_message(line.begin) if line.begin else begun
        except (msgspec.MsgspecError, Unreadable, UnicodeDecodeError):
            continue
        lines.append(line)
    if begun is None:
        return None
    return msgspec.structs.replace(
        begun,
        content=begun.content + "".join(line.content for line in lines),
        thinking=begun.thinking + "".join(line.thinking for line in lines),
        tool_calls=[*begun.tool_calls, *(call for line in lines for call in line.tool_calls)],
    )
