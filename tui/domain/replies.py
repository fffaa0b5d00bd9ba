"""What a model says, piece by piece, and what the server counted."""

from typing import Any, Literal

import msgspec

Phase = Literal["connecting", "queued", "loading", "reading", "thinking", "answering"]
"""What a running reply is doing; each is told with its seconds."""


class Stats(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Counts and times of one answer. Durations are in nanoseconds; 0 means not told."""

    total_duration: int = 0
    load_duration: int = 0
    prompt_eval_count: int = 0
    prompt_eval_duration: int = 0
    eval_count: int = 0
    eval_duration: int = 0
    cached_count: int = 0
    """Tokens of the prompt that the server had read before, and did not read again."""

    @property
    def tokens_per_second(self) -> float:
        """0 where the server told no times."""
        return self.eval_count / self.eval_duration * 1e9 if self.eval_duration else 0.0


class Delta(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of an answer; the last one is `done` and carries the counts."""

    content: str = ""
    thinking: str = ""
    tool_calls: list[dict[str, Any]] | None = None
    done: bool = False
    done_reason: str = ""
    stats: Stats | None = None
    context: list[int] | None = None
    """Token ids to carry on from, from `/api/generate` only."""
