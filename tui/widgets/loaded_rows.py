"""Models in the memory of a server, one line each, their bars stacked from row to row."""

from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec
from textual.content import Content

from tui.domain.language import _
from tui.domain.models import RunningModel
from tui.domain.status import Gpu
from tui.domain.units import clock, percent, progress, size
from tui.widgets.glyphs import g
from tui.widgets.lines import (
    NARROW,
    WIDE,
    Column,
    Lines,
    Part,
    cells,
    dots,
    gauge,
    line,
    muted,
    picked,
    spread,
)
from tui.widgets.plain import one_line

INDENT = 5
"""Where what belongs to a server begins."""
_BAR, _OTHERS, _GAP = 32, 54, 2
"""Cells of a bar in a wide window, of all but the bar in a middle one, and between two columns."""


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


def loaded_of(models: Sequence[RunningModel], now: datetime, total: int = 0) -> Iterator[Loaded]:
    """Every loaded model with its part of `total` VRAM; of what is taken, where that is unknown."""
    has_gpu, taken = _taken(models)
    start, whole = 0.0, max(sum(taken), total if has_gpu else 0, 1)
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


def memory_line(models: Sequence[RunningModel], width: int, total: int = 0) -> Content:
    """What all loaded models take, of `total` VRAM where that is known."""
    has_gpu, taken = _taken(models)
    columns, amount = _columns(width), sum(taken)
    known = has_gpu and total > 0
    values: list[Part] = [
        ("VRAM" if has_gpu else _("memory"), "$muted"),
        "",
        gauge(amount / total, columns[2].width, "$foreground") if known else "",
        (progress(amount, total) if known else size(amount), "bold $strong"),
        (_("context"), "$muted"),
    ]
    return line(" " * INDENT, cells(columns, values))


def gpu_line(gpu: Gpu, width: int) -> Content:
    """A GPU of this machine: its load and temperature, its memory."""
    load = percent(gpu.load) if gpu.load is not None else ""
    degrees = f"{gpu.degrees}{g.degree}C" if gpu.degrees is not None else ""
    name = muted(one_line(gpu.name).removeprefix("NVIDIA ").removeprefix("GeForce "))
    state = dots(load, degrees)
    if width < NARROW:
        return spread(line(" " * INDENT, name), line(state, " "), width)
    _model, _size, bar, amount, *_more = _columns(width)
    columns = [Column("", 17), Column("", 13, "right"), bar, amount]
    values: list[Part] = [name, state]
    if gpu.total:
        share = gpu.used / gpu.total
        values += [gauge(share, bar.width, "$muted"), progress(gpu.used, gpu.total)]
    return line(" " * INDENT, cells(columns, [*values, "", ""][:4]))


def loaded_lines(loaded: Loaded, width: int, here: bool) -> Lines:
    """The one line of a loaded model."""
    model = loaded.model
    name = line((one_line(model.name), "bold $strong" if here else "$foreground"))
    mark = line((f"   {g.here} " if here else " " * INDENT, "$accent"))
    if width < NARROW:
        amount = size(model.size) if model.size else _("loaded")
        row = spread(line(mark, name), line(amount, " "), width)
    else:
        row = line(mark, _row(loaded, name, width))
    return [picked(row, width) if here else row]


def _row(loaded: Loaded, name: Content, width: int) -> Content:
    model, columns = loaded.model, _columns(width)
    ends: list[Part] = [
        f"{model.context_length:,}" if model.context_length else "",
        (_until(model, loaded.now), "$muted"),
    ]
    if not model.size:  # what nobody tells leaves its room to the name
        room = sum(column.width + _GAP for column in columns[:3]) - _GAP
        return cells([Column("", room), *columns[3:]], [name, (_("loaded"), "$muted"), *ends])
    bar = gauge(loaded.share, columns[2].width, "$accent", loaded.start)
    return cells(columns, [name, size(model.size), bar, _where(loaded), *ends])


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
