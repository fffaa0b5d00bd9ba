"""What can be set on the fake server, and what it remembers."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any, TextIO

from fake_models import NAMES

SAMPLE = Path(__file__).resolve().parent / "sample_reply.md"


def _released() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event


@dataclass(kw_only=True, eq=False)
class Knobs:
    """Everything may be changed between requests, too."""

    host: str = "127.0.0.1"
    port: int = 0
    socket: str = ""
    names: Sequence[str] = tuple(NAMES[:3])
    """The models it starts with, newest first."""
    reply: str = field(default_factory=lambda: SAMPLE.read_text("utf-8"))
    tokens: int = 0
    """Tokens in each reply, the text repeated as needed; 0 is the text once."""
    tps: float = 0.0
    """Tokens a second; 0 is as fast as possible."""
    marker: str = ""
    """Ends every reply; `{n}` is the reply's number."""
    thinking: str = ""
    """What every model thinks first, unless asked not to; empty: none can."""
    think_always: bool = False
    renders: bool = True
    """Whether `_debug_render_only` is known."""
    tool_calls: list[dict[str, Any]] = field(default_factory=list)
    """Called before the reply when tools are offered."""
    version: str = "0.32.15"
    account: str = ""
    """Who is signed in at ollama.com."""
    signin_url: str = "https://ollama.com/connect?name=box&key=abc"
    moment: datetime | None = None
    """Fixed dates and durations, for pictures; None is the real time."""
    load_delay: float = 0.0
    first_byte_delay: float = 0.0
    pull_size: int = 2_000_000
    pull_rate: float = 200e6
    """Bytes a second."""
    pull_hz: float = 200.0
    """Progress lines a second."""
    errors: dict[str, tuple[int, str]] = field(default_factory=dict)
    """By path (or `*`): the status and what is said with it; HTML is sent as HTML."""
    drop_after: int = 0
    """Cut the connection after so many lines of a stream."""
    error_after: int = 0
    """Send an error line after so many lines of a stream."""
    error_text: str = "an error was encountered while running the model: unexpected EOF"
    http_500_rate: float = 0.0
    chance: Random = field(default_factory=lambda: Random(1))
    log_file: TextIO | None = None
    short_log: bool = False
    hold: asyncio.Event = field(default_factory=_released)
    """The brake: while cleared, every stream stops after its first line."""

    asked: list[tuple[str, str, dict[str, Any]]] = field(init=False, default_factory=list)
    """Method, path and body of every request, in order."""
    headers: list[dict[str, str]] = field(init=False, default_factory=list)
    """The headers of every request, names in lower case."""
    models: dict[str, dict[str, Any]] = field(init=False, default_factory=dict)
    """Lines of /api/tags, by name."""
    made_of: dict[str, dict[str, Any]] = field(init=False, default_factory=dict)
    """The bodies of creates, by model."""
    loaded: dict[str, dict[str, Any]] = field(init=False, default_factory=dict)
    """Lines of /api/ps, by name."""
    pulled: dict[str, int] = field(init=False, default_factory=dict)
    """Bytes there of each layer: an interrupted pull goes on from them."""
    blobs: dict[str, bytes] = field(init=False, default_factory=dict)
    replies: int = field(init=False, default=0)
