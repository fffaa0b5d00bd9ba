"""How far downloads, uploads and creates are: redrawn on a terminal, lines or JSON elsewhere."""

import os
from collections.abc import Mapping, Sequence
from typing import Any, Protocol, TextIO

from tui.commands.output import cells, columns, cut, rows, write_json
from tui.domain.language import _
from tui.domain.pulls import ACTIVE, Layer, Pull
from tui.domain.units import clock, percent, progress, size, speed
from tui.widgets.glyphs import ASCII, g
from tui.widgets.plain import one_line

_BAR = 24
_NARROW = 70
"""Columns below which bars and speeds are short."""
_LAYERS = 4
"""Layers shown of one job: those reported last."""
_STEPS = 20
"""Lines that a whole job takes, where lines are not redrawn."""
_SHORT = 12
"""Digits of a digest that tell it from others."""


class Display(Protocol):
    """Where jobs are shown."""

    def show(self, jobs: Sequence[Pull]) -> None:
        """Show all jobs as they are now."""

    def close(self) -> None:
        """Leave what is shown last as it is."""


def display_for(stream: TextIO, *, json: bool) -> Display:
    """What fits: JSON if asked for, a drawing on a terminal, lines elsewhere."""
    if json:
        return JsonDisplay()
    drawn = stream.isatty() and os.environ.get("TERM") != "dumb"
    return TerminalDisplay(stream) if drawn else LineDisplay(stream)


class TerminalDisplay:
    """A block of lines at the end of the screen, drawn over itself."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._drawn: list[str] = []
        self._jobs: Sequence[Pull] = ()
        self._log = _Log()

    def show(self, jobs: Sequence[Pull]) -> None:
        self._jobs = jobs
        width = columns(self._stream) - 1  # a line that is full leaves the cursor in the next
        noted = [cut(line, width) for line in self._log.fresh(jobs)]
        lines = _lines(jobs, width, rows(self._stream) - 2)
        if noted or lines != self._drawn:
            self._draw(noted, lines)

    def close(self) -> None:
        """Every job has its line in what stays, however many there are."""
        width = columns(self._stream) - 1
        self._draw([], [cut(line, width) for job in self._jobs for line in _block(job, width)])
        self._jobs, self._drawn = (), []

    def _draw(self, noted: list[str], lines: list[str]) -> None:
        # A window that was made narrower has folded what is drawn into more rows.
        width = columns(self._stream)
        above = sum(max(-(-cells(line) // width), 1) for line in self._drawn)
        up = f"\x1b[{above}A" if above else ""
        text = "".join(f"{line}\x1b[K\n" for line in (*noted, *lines))
        self._stream.write(f"\r{up}{text}\x1b[J")
        self._stream.flush()
        self._drawn = lines


class LineDisplay:
    """One line at a time: what begins, every twentieth of the way, what ends."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._said: dict[str, tuple[object, ...]] = {}
        self._log = _Log()

    def show(self, jobs: Sequence[Pull]) -> None:
        for line in self._log.fresh(jobs):
            self._stream.write(line + "\n")
        for job in jobs:
            said = job.state, "" if job.layer else job.status, int(job.fraction * _STEPS)
            if self._said.get(job.id) != said:
                self._said[job.id] = said
                self._stream.write(f"{job.name}: {_state(job)}\n")
        self._stream.flush()

    def close(self) -> None:
        """What was written stays."""


class JsonDisplay:
    """One object a line for every change."""

    def __init__(self) -> None:
        self._said: dict[str, Mapping[str, Any]] = {}

    def show(self, jobs: Sequence[Pull]) -> None:
        for job in jobs:
            facts = facts_of(job)
            if self._said.get(job.id) != facts:
                self._said[job.id] = facts
                write_json(facts)

    def close(self) -> None:
        """What was written stays."""


def facts_of(job: Pull) -> dict[str, Any]:
    """A job as --json tells it."""
    layer = job.layer[1] if job.layer else Layer(digest="")
    return {
        "kind": job.kind,
        "model": job.name,
        "host": job.host,
        "state": job.state,
        "status": job.status,
        "digest": layer.digest,
        "layer_total": layer.total,
        "layer_completed": layer.completed,
        "total": job.total,
        "completed": job.completed,
        "bytes_per_second": round(job.speed),
        "restarts": job.restarts,
        "warning": job.warning,
        "error": job.error,
    }


class _Log:
    """What jobs note of themselves when a server had to be asked again: told once."""

    def __init__(self) -> None:
        self._restarts: dict[str, int] = {}

    def fresh(self, jobs: Sequence[Pull]) -> list[str]:
        """A line that stays for each job that was begun again."""
        lines = []
        for job in jobs:
            if job.log and job.restarts > self._restarts.get(job.id, 0):
                lines.append(f"{job.name}: {one_line(job.log[-1][1])}")
            self._restarts[job.id] = job.restarts
        return lines


def _lines(jobs: Sequence[Pull], width: int, most: int) -> list[str]:
    """What has room: all jobs, or those that run, and the others as a number."""
    blocks = [_block(job, width) for job in jobs]
    if sum(map(len, blocks)) > most:
        running = [_block(job, width) for job in jobs if job.state in ACTIVE]
        rest = len(jobs) - len(running)
        shown = [line for block in running for line in block][: most - 1]
        waits = sum(job.state == "queued" for job in jobs)
        text = _("and {n} more, {waits} waiting")
        return [*(cut(line, width) for line in shown), cut(text.format(n=rest, waits=waits), width)]
    return [cut(line, width) for block in blocks for line in block]


def _block(job: Pull, width: int) -> list[str]:
    """A job's lines: its name with the whole, then its layers."""
    head = _spread(one_line(job.name), _state(job, short=width < _NARROW), width)
    warning = [f"  {one_line(job.warning)}"] if job.warning and job.state != "done" else []
    if job.state not in ("downloading", "verifying"):
        return [head, *warning]
    layers = [_layer(layer, width) for layer in job.layers[-_LAYERS:]]
    return [head, *warning, *layers, *([f"  {one_line(job.status)}"] if not job.layer else [])]


def _layer(layer: Layer, width: int) -> str:
    name = layer.digest.removeprefix("sha256:")
    name = name[:_SHORT] if name != layer.digest else one_line(name)
    bar = _bar(layer.fraction, _BAR if width >= _NARROW else _BAR // 2)
    return f"  {name:<{_SHORT}} {bar} {percent(layer.fraction):>5}  {size(layer.total)}"


def _bar(fraction: float, width: int) -> str:
    full = int(fraction * width)
    return g.full * full + (" " if g == ASCII else g.rule) * (width - full)


def _state(job: Pull, *, short: bool = False) -> str:
    """How far a job is, in words and numbers."""
    words = {
        "queued": _("queued"),
        "paused": _("paused"),
        "verifying": one_line(job.status),
        "failed": _("failed"),
        "done": _("done"),
    }
    known = words.get(job.state, "")
    if job.state != "downloading":
        return ", ".join(filter(None, (known, size(job.total) if job.total else "")))
    if not job.total:
        return one_line(job.status) or _("begins")
    left = clock(job.seconds_left) if job.seconds_left is not None else ""
    pace = "" if short else speed(job.speed)
    parts = percent(job.fraction), progress(job.completed, job.total), pace, left
    return "  ".join(filter(None, parts))


def _spread(left: str, right: str, width: int) -> str:
    """Two texts at the ends of a line; where there is no room, the left one is cut."""
    room = max(width - cells(right) - 2, 8)
    left = cut(left, room)
    return left + " " * (room - cells(left) + 2) + right
