"""The turn being generated, on disk as it streams: NDJSON, one line a flush.

The first line is `{"begin": message}`, the answer as it began; each line after it has a piece
of text (`content`, `thinking`) or `tool_calls`. When the turn ends the answer goes into the
session's JSON and the journal is deleted; a journal found at start is a turn cut off by a crash.
"""

from pathlib import Path
from typing import Any

import msgspec

from tui.domain.session import Message
from tui.store.files import Writer
from tui.store.session_file import Unreadable, decode_message, encode_message


class Journal:
    """The journal of one running answer."""

    def __init__(self, path: Path, writer: Writer) -> None:
        self._path = path
        self._writer = writer

    def begin(self, message: Message) -> None:
        """Note the answer that is about to come."""
        self._line({"begin": encode_message(message)})

    def add(self, content: str, thinking: str, tool_calls: list[dict[str, Any]]) -> None:
        """Note what arrived since the last call."""
        piece: dict[str, Any] = {"content": content, "thinking": thinking, "tool_calls": tool_calls}
        self._line({key: value for key, value in piece.items() if value})

    def remove(self) -> None:
        """The answer is in the session's file: the journal has done its work."""
        self._writer.remove(self._path)

    def _line(self, value: dict[str, Any]) -> None:
        self._writer.append(self._path, msgspec.json.encode(value) + b"\n")


def replay(data: bytes) -> Message | None:
    """The answer that a journal holds; None if it breaks off before it began.

    A crash may have cut the last line: it is left out.
    """
    message: Message | None = None
    content, thinking = [], []
    calls: list[dict[str, Any]] = []
    for line in data.split(b"\n"):
        try:
            piece = msgspec.json.decode(line)
            if message is None:
                message = decode_message(piece["begin"])
                continue
        except (msgspec.MsgspecError, Unreadable, KeyError, TypeError, UnicodeDecodeError):
            continue
        content.append(piece.get("content", ""))
        thinking.append(piece.get("thinking", ""))
        calls += piece.get("tool_calls", [])
    if message is None:
        return None
    return msgspec.structs.replace(
        message,
        content=message.content + "".join(content),
        thinking=message.thinking + "".join(thinking),
        tool_calls=[*message.tool_calls, *calls],
    )
