"""The lines of an answer being streamed, as deltas."""

from typing import Any

import msgspec

from tui.api.answers import read_line
from tui.domain.replies import Delta, Stats


class _Said(msgspec.Struct, frozen=True):
    content: str | None = None
    thinking: str | None = None
    tool_calls: list[dict[str, Any]] | None = None


class _ReplyLine(msgspec.Struct, frozen=True):
    message: _Said | None = None
    """From `/api/chat`."""
    response: str | None = None
    """From `/api/generate`, which has the fields of a message beside it."""
    thinking: str | None = None
    tool_calls: list[dict[str, Any]] | None = None
    context: list[int] | None = None
    done: bool = False
    done_reason: str | None = None


def read_delta(raw: bytes, where: str, model: str) -> Delta:
    """One line of `/api/chat` or `/api/generate`."""
    line = read_line(_ReplyLine, raw, where, model)
    said = line.message or _Said(line.response, line.thinking, line.tool_calls)
    return Delta(
        content=said.content or "",
        thinking=said.thinking or "",
        tool_calls=said.tool_calls or None,
        done=line.done,
        done_reason=line.done_reason or "",
        stats=read_line(Stats, raw, where, model) if line.done else None,
        context=line.context,
    )
