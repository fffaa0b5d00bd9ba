"""Models to choose from, here or elsewhere, in the columns that a dialog has room for."""

from functools import partial

import msgspec

from tui.domain.language import _
from tui.domain.units import size
from tui.widgets.glyphs import g
from tui.widgets.lines import Column, Lines, Part, cells, heading, line, muted, picked
from tui.widgets.model_table import context_of, name_of
from tui.widgets.plain import one_line
from tui.widgets.rows import Row

_NAME_LEAST = 14
_CAN_FROM, _NOTE_FROM = 78, 50
"""Widths from which what a model can, and the note at the end, have room."""
_WORDS = {"completion": "", "insert": ""}
"""Abilities that need no word: nearly all have them."""


class ChoiceLine(msgspec.Struct, frozen=True):
    """What a row says of a model."""

    key: str
    name: str
    size: int = 0
    """Bytes; 0 where nobody knows."""
    context: int = 0
    can: tuple[str, ...] = ()
    note: str = ""
    """How it stands with memory, or whether it is here."""
    style: str = "$muted"
    hits: tuple[int, ...] = ()


def choice_row(choice: ChoiceLine) -> Row:
    """A model that can be chosen."""
    return Row(choice.key, partial(_draw, choice))


def group_row(key: str, title: str, *, columns: bool = False, note: str = _("memory")) -> Row:
    """The heading of a group; where it names the columns, `note` is the last one's name."""
    return Row(key, partial(_group, title, note) if columns else partial(_title, title), 1, False)


def gap_row(key: str) -> Row:
    """An empty line between two groups."""
    return Row(key, _gap, selectable=False)


def _columns(width: int, title: str, note: str = "") -> list[Column]:
    others = [Column(_("size"), 8, "right"), Column(_("context"), 7, "right")]
    others += [Column(_("can"), 14)] if width >= _CAN_FROM else []
    others += [Column(note, 17)] if width >= _NOTE_FROM else []
    room = width - sum(column.width + 2 for column in others)
    return [Column(f"  {title}", max(room, _NAME_LEAST)), *others]


def _draw(choice: ChoiceLine, width: int, here: bool) -> Lines:
    columns, values = _columns(width, ""), _known(choice, width)
    if not (choice.size or choice.context or choice.can):
        # The name of what nothing is known of may be as long as it likes.
        notes = columns[-1:] if width >= _NOTE_FROM else []
        columns = [Column("", width - sum(each.width + 2 for each in notes)), *notes]
        values = []
    name = name_of(choice.name, columns[0].width - 2, here=here, hits=choice.hits)
    title = line((f"{g.here if here else ' '} ", "$accent"), name)
    row = cells(columns, [title, *values, (choice.note, choice.style)])
    return [picked(row, width) if here else row]


def _known(choice: ChoiceLine, width: int) -> list[Part]:
    can = " ".join(word for each in choice.can if (word := _WORDS.get(each, each)))
    return [
        size(choice.size) if choice.size else "",
        (context_of(choice.context), "$muted"),
        *([(one_line(can), "$muted")] if width >= _CAN_FROM else []),
    ]


def _group(title: str, note: str, width: int, _here: bool) -> Lines:
    return [heading(_columns(width, title, note))]


def _title(title: str, _width: int, _here: bool) -> Lines:
    return [muted(f"  {title}")]


def _gap(_width: int, _here: bool) -> Lines:
    return [line()]
