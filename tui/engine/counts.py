"""The counts and times at the end of an answer."""

import time
from dataclasses import dataclass, field
from typing import Any

_MILLI = 1_000_000


@dataclass(frozen=True, slots=True)
class Watch:
    """Started when a request came in."""

    began: int = field(default_factory=time.perf_counter_ns)

    def totals(self, load: int, timings: dict[str, Any]) -> dict[str, int]:
        """Ollama's counts from llama.cpp's timings; durations in nanoseconds, all of them whole."""
        return {
            "total_duration": time.perf_counter_ns() - self.began,
            "load_duration": load,
            "prompt_eval_count": int(timings.get("cache_n", 0)) + int(timings.get("prompt_n", 0)),
            "prompt_eval_duration": int(timings.get("prompt_ms", 0) * _MILLI),
            "eval_count": int(timings.get("predicted_n", 0)),
            "eval_duration": int(timings.get("predicted_ms", 0) * _MILLI),
        }
