"""What a model is made of: its files and who shares them, its tensors, its numbers."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from rich.cells import cell_len

from tui.domain.language import _, many
from tui.domain.manifests import Layer, Manifest
from tui.domain.models import Tensor
from tui.domain.units import size
from tui.widgets.lines import Column, Lines, cells, dots, fit, indent, line, muted
from tui.widgets.plain import one_line
from tui.widgets.wrap import wrap

_DIGEST = 12
_LONGEST = 32
_SHARERS = 3


class Parts(msgspec.Struct, frozen=True):
    """The files of a model, as far as they are known from here."""

    layers: tuple[Layer, ...] = ()
    sharers: Mapping[str, Sequence[str]] = {}
    """Other models that need a file, by its digest."""
    freed: int | None = None
    """Bytes freed if it is deleted; None where its disk cannot be read from here."""

    @classmethod
    def of(cls, manifest: Manifest | None) -> "Parts":
        """What a manifest alone tells."""
        return cls(tuple(manifest.files)) if manifest else cls()


def layers_lines(parts: Parts, width: int) -> Lines:
    """Each file's kind, size and digest; below it, who else needs it."""
    if not parts.layers:
        text = _("not known from here: the server's disk and its registry are out of reach")
        return [line(), muted(_("layers")), *indent(wrap(muted(text), max(width - 2, 8)), 2)]
    columns = [Column("", 10), Column("", 8, "right"), Column("", _DIGEST)]
    rows: Lines = []
    for layer in parts.layers:
        digest = layer.digest.partition(":")[2][:_DIGEST]
        kind = layer.media_type.rpartition(".")[2].partition("+")[0]
        kind = _("config") if "container" in layer.media_type else kind
        rows.append(cells(columns, [(one_line(kind), "$muted"), size(layer.size), digest]))
        if others := parts.sharers.get(layer.digest):
            said = _("also in {names}").format(names=_some(others))
            rows += indent(wrap(muted(said), max(width - 6, 8)), 4)
    return [line(), muted(_("layers")), *indent(rows, 2), *_freed(parts, width)]


def _freed(parts: Parts, width: int) -> Lines:
    if parts.freed is None:
        text = _("freed if deleted: not known from here")
    else:
        text = _("freed if deleted: {size}").format(size=size(parts.freed))
    return indent(wrap(muted(text), max(width - 2, 8)), 2)


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(one_line(name) for name in names[:_SHARERS])
    if len(names) > _SHARERS:
        return _("{names} and {n} more").format(names=shown, n=len(names) - _SHARERS)
    return shown


def tensors_lines(tensors: Sequence[Tensor], width: int) -> Lines:
    """How many there are, and of which types."""
    if not tensors:
        return []
    count = many("{n} tensor", "{n} tensors", len(tensors)).format(n=len(tensors))
    kinds = Counter(one_line(tensor.type) for tensor in tensors).most_common()
    said = dots(count, *(f"{kind} {n}" for kind, n in kinds))
    return [line(), muted(_("tensors")), *indent(wrap(line(said), max(width - 2, 8)), 2)]


def numbers_lines(info: Mapping[str, Any], width: int) -> Lines:
    """Every key and value that the model's file holds, but for long lists."""
    rows: Lines = []
    names = sorted(key for key, value in info.items() if value is not None and value != [])
    room = min(max(map(cell_len, names), default=0), _LONGEST, max(width // 2, 8))
    for name in names:
        value = wrap(line(one_line(_said(info[name]))), max(width - room - 4, 8))
        first, *others = value or [line()]
        rows.append(line(fit(muted(one_line(name)), room), "  ", first))
        rows += indent(others, room + 2)
    return [line(), muted(_("model info")), *indent(rows, 2)] if rows else []


def _said(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, list):
        return many("{n} value", "{n} values", len(value)).format(n=len(value))
    return str(value)
