"""One running answer: its text, its phase, and its journal."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Any

import msgspec

from tui.domain import clock
from tui.domain.language import _
from tui.domain.replies import Delta, Phase
from tui.domain.session import Message, State
from tui.store.journal import Journal
from tui.worker.events import ReplyState

FLUSH = 0.1
"""Seconds in which deltas are gathered before they go to the journal, and then to listeners.

The rule is 250 ms; the rest is for the disk.
"""
_SPEED_WINDOW = 3.0


class Reply:
    """An answer on its way. A delta is in the journal before anyone hears of it."""

    def __init__(
        self,
        session_id: str,
        host: str,
        message: Message,
        journal: Journal,
        tell: Callable[["Reply"], None],
    ) -> None:
        self.session_id = session_id
        self.host = host
        self.message = message
        """The answer as of the last flush."""
        self.journal = journal
        self._tell = tell
        self._phase: Phase = "connecting"
        self._detail = ""
        self._since = clock.now()
        self._thinking_since: float | None = None
        self._thought = 0.0
        self._pending: list[Delta] = []
        self._timer: asyncio.TimerHandle | None = None
        self._times: deque[float] = deque()
        self._pieces = 0
        self._ended = False
        journal.begin(message)

    @property
    def begun(self) -> bool:
        """Whether the model has said anything."""
        return self._phase in ("thinking", "answering")

    @property
    def state(self) -> ReplyState:
        """The answer as it stands, for those who look on."""
        return ReplyState(
            session_id=self.session_id,
            message=self.message,
            phase=self._phase,
            since=self._since,
            detail=self._detail,
            tokens_per_second=self._speed(),
            pieces=self._pieces,
        )

    def waits(self, phase: Phase, detail: str) -> None:
        """Say what it waits for, as long as the model has said nothing."""
        if not self.begun and (phase, detail) != (self._phase, self._detail):
            self._enter(phase, detail)
            self._tell(self)

    async def follow(self, deltas: AsyncGenerator[Delta, None]) -> None:
        """Take in the answer until its end. Raises OllamaError."""
        async with aclosing(deltas):
            async for delta in deltas:
                self._take(delta)
                if delta.done:
                    self._flush()
                    self._complete(delta)

    def end(self, state: State, error: str = "") -> None:
        """It is over before its end: keep what there is. Only the first reason counts."""
        if self._ended:
            return
        self._ended = True
        self._flush()
        self.message = msgspec.structs.replace(self.message, state=state, error=error)

    def _take(self, delta: Delta) -> None:
        loop = asyncio.get_running_loop()
        if delta.thinking or delta.content or delta.tool_calls:
            self._pieces += 1
            self._times.append(loop.time())
            self._follow_phase(delta, loop.time())
        self._pending.append(delta)
        if self._timer is None:
            self._timer = loop.call_later(FLUSH, self._flush)

    def _follow_phase(self, delta: Delta, moment: float) -> None:
        phase: Phase = "thinking" if delta.thinking and not delta.content else "answering"
        if phase == "thinking" and self._thinking_since is None:
            self._thinking_since = moment
        if self._thinking_since is not None and self._phase in ("connecting", "thinking"):
            self._thought = moment - self._thinking_since
        if self._phase not in (phase, "answering"):
            self._enter(phase, "")

    def _enter(self, phase: Phase, detail: str) -> None:
        self._phase, self._detail, self._since = phase, detail, clock.now()

    def _flush(self) -> None:
        """To the journal first, to listeners second."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        pending, self._pending = self._pending, []
        content = "".join(delta.content for delta in pending)
        thinking = "".join(delta.thinking for delta in pending)
        calls: list[dict[str, Any]] = [c for delta in pending for c in delta.tool_calls or ()]
        if content or thinking or calls:
            self.journal.add(content, thinking, calls)
            self.message = msgspec.structs.replace(
                self.message,
                content=self.message.content + content,
                thinking=self.message.thinking + thinking,
                tool_calls=[*self.message.tool_calls, *calls],
                thought=round(self._thought, 1) or self.message.thought,
            )
            self._tell(self)

    def _complete(self, last: Delta) -> None:
        self._ended = True
        empty = not (self.message.content or self.message.thinking or self.message.tool_calls)
        self.message = msgspec.structs.replace(
            self.message,
            state="complete",
            done_reason=last.done_reason,
            stats=last.stats,
            error=_("the model answered nothing") if empty else "",
        )

    def _speed(self) -> float:
        """Pieces a second over the last seconds; a piece is about a token."""
        times = self._times
        if not times:
            return 0.0
        while times[-1] - times[0] > _SPEED_WINDOW:
            times.popleft()
        span = times[-1] - times[0]
        return (len(times) - 1) / span if span > 0 else 0.0
