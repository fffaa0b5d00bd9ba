"""An answer as it is printed: its text on stdout, what goes with it on stderr."""

import sys
from argparse import Namespace
from types import TracebackType
from typing import Self

import msgspec

from tui.commands.output import fit, remark, write_json
from tui.domain.language import _
from tui.domain.replies import Delta, Stats

_NANOSECONDS = 1e9


class Answer:
    """Prints deltas; with --json, one object at the end."""

    def __init__(self, options: Namespace) -> None:
        self._options = options
        self._content: list[str] = []
        self._thinking: list[str] = []
        self._waits = sys.stderr.isatty() and not options.json
        """Whether a remark on a terminal says what is waited for."""

    def __enter__(self) -> Self:
        if self._waits:
            text = _("waiting for {name} …").format(name=self._options.model)
            print(fit(text, sys.stderr), end="", file=sys.stderr, flush=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """What was said ends with a line of its own, even if it was broken off."""
        self._clear()
        whole = "".join(self._content)
        if whole and not whole.endswith("\n") and not self._options.json:
            print(flush=True)

    def take(self, delta: Delta) -> None:
        """Print what came."""
        if delta.thinking or delta.content or delta.done:
            self._clear()
        if delta.thinking:
            self._think(delta.thinking)
        if delta.content:
            self._say(delta.content)
        if delta.done:
            self._end(delta)

    def _think(self, text: str) -> None:
        shown = not (self._options.hidethinking or self._options.json)
        if shown and not self._thinking:
            remark(_("Thinking..."))
        if shown:
            print(fit(text, sys.stderr), end="", file=sys.stderr, flush=True)
        self._thinking.append(text)

    def _say(self, text: str) -> None:
        shown = not (self._options.hidethinking or self._options.json)
        if shown and self._thinking and not self._content:
            remark("\n" + _("...done thinking.") + "\n")
        if not self._options.json:
            print(fit(text, sys.stdout), end="", flush=True)
        self._content.append(text)

    def _end(self, delta: Delta) -> None:
        if self._options.json:
            write_json(
                {
                    "model": self._options.model,
                    "content": "".join(self._content),
                    "thinking": "".join(self._thinking),
                    "done_reason": delta.done_reason,
                    "stats": msgspec.structs.asdict(delta.stats or Stats()),
                }
            )
        if self._options.verbose and delta.stats:
            remark("\n" + "\n".join(_table(delta.stats)))

    def _clear(self) -> None:
        if self._waits:
            self._waits = False
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def _table(stats: Stats) -> list[str]:
    """Counts and times in the words of `ollama run --verbose`."""
    rows = [
        ("total duration", _time(stats.total_duration)),
        ("load duration", _time(stats.load_duration)),
        ("prompt eval count", f"{stats.prompt_eval_count} token(s)"),
        ("prompt eval duration", _time(stats.prompt_eval_duration)),
        ("prompt eval rate", _rate(stats.prompt_eval_count, stats.prompt_eval_duration)),
        ("eval count", f"{stats.eval_count} token(s)"),
        ("eval duration", _time(stats.eval_duration)),
        ("eval rate", _rate(stats.eval_count, stats.eval_duration)),
    ]
    return [f"{name + ':':<22}{value}" for name, value in rows if value]


def _time(nanoseconds: int) -> str:
    seconds = nanoseconds / _NANOSECONDS
    return f"{seconds:.3f}s" if seconds >= 1 else f"{seconds * 1000:.3f}ms"


def _rate(count: int, nanoseconds: int) -> str:
    return f"{count / nanoseconds * _NANOSECONDS:.2f} tokens/s" if nanoseconds else ""
