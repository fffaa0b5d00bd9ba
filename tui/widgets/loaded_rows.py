"""Models in the memory of a server, one line each, their bars stacked from row to row."""

from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec
from textual.content import Content

from tui.domain.language import _
from tui.domain.models import RunningModel
from tui.domain.units import clock, percent, size
from tui.widgets.glyphs import g
from tui.widgets.lines import (
    NARROW,
    WIDE,
    Column,
    Lines,
    Part,
    cells,
    gauge,
    line,
    picked,
    spread,
)
from tui.widgets.plain import one_line

INDENT = 5
"""Where what belongs to a server begins."""
_BAR, _OTHERS = 32, 54
"""Cells of a bar in a wide window, and of all but the bar in a middle one."""


class Loaded(msgspec.Struct, frozen=True):
    """A loaded model, and its part of all that is loaded there."""

    model: RunningModel
    now: datetime
    share: float
    """Between 0 and 1."""
    start: float
    """Where its part begins."""
    has_gpu: bool = True
    """Whether anything is in VRAM there; where nothing is, the CPU is no surprise."""


def loaded_of(models: Sequence[RunningModel], now: datetime) -> Iterator[Loaded]:
    """Every loaded model with its part; of how much there is, no server tells."""
    has_gpu, taken = _taken(models)
    start, whole = 0.0, max(sum(taken), 1)
    for model, size_taken in zip(models, taken, strict=True):
        share = size_taken / whole
        yield Loaded(model, now, share, start, has_gpu)
        start += share


def _taken(models: Sequence[RunningModel]) -> tuple[bool, list[int]]:
    """Whether anything is in VRAM, and what each takes: there, or else of the memory."""
    vram = [model.size_vram for model in models]
    return (True, vram) if any(vram) else (False, [model.size for model in models])


def _columns(width: int) -> list[Column]:
    bar = _BAR if width >= WIDE else max(width - _OTHERS, 6)
    columns = [Column("", 22), Column("", 8, "right"), Column("", bar), Column("", 12)]
    if width >= WIDE:
        columns += [Column("", 7, "right"), Column("", 15)]
    return columns


def memory_line(models: Sequence[RunningModel], width: int) -> Content:
    """What all loaded models take; of how much, no server tells."""
    has_gpu, taken = _taken(models)
    values: list[Part] = [
        ("VRAM" if has_gpu else _("memory"), "$muted"),
        "",
        "",
        (size(sum(taken)), "bold $strong"),
        (_("context"), "$muted"),
    ]
    return line(" " * INDENT, cells(_columns(width), values))


def loaded_lines(loaded: Loaded, width: int, here: bool) -> Lines:
    """The one line of a loaded model."""
    model = loaded.model
    columns = _columns(width)
    name = line((one_line(model.name), "bold $strong" if here else "$foreground"))
    values: list[Part] = [
        name,
        size(model.size),
        gauge(loaded.share, columns[2].width, "$accent", loaded.start),
        _where(loaded),
        f"{model.context_length:,}" if model.context_length else "",
        (_until(model, loaded.now), "$muted"),
    ]
    mark = line((f"   {g.here} " if here else " " * INDENT, "$accent"))
    if width < NARROW:
        row = spread(line(mark, name), line(size(model.size), " "), width)
    else:
        row = line(mark, cells(columns, values))
    return [picked(row, width) if here else row]


def _where(loaded: Loaded) -> Part:
    share = loaded.model.cpu_share
    if share <= 0:
        return (_("GPU"), "$muted")
    if share >= 1:
        return (_("CPU"), "$warning" if loaded.has_gpu else "$muted")
    return (_("{share} on CPU").format(share=percent(share)), "$warning")


def _until(model: RunningModel, now: datetime) -> str:
    left = model.stays(now)
    if left is None:
        return _("stays loaded") if model.expires_at else ""
    return _("unloads in {time}").format(time=clock(left.total_seconds()))
