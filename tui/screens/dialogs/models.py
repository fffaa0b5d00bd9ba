"""Several models, of which as many are chosen as the user likes."""

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding

from tui.domain.fuzzy import ranked
from tui.domain.language import _
from tui.domain.units import size
from tui.screens.dialogs.dialog import Dialog
from tui.widgets.filter_line import FilterLine
from tui.widgets.glyphs import g
from tui.widgets.line_input import LineInput
from tui.widgets.lines import NARROW, Column, Lines, cells, line, picked
from tui.widgets.model_table import name_of
from tui.widgets.rows import Row, Rows

_NOTE, _SIZE, _GAPS = 8, 8, 4


class Candidate(NamedTuple):
    """A model that can be chosen."""

    name: str
    """With its host before it where that is another one."""
    is_loaded: bool = False
    size: int = 0
    """Bytes; 0 where nobody tells."""


class _Models(Rows):
    """Those that can be asked."""

    BINDINGS = [Binding("enter", "choose", _("ask"), id="models.choose")]


class ModelsDialog(Dialog[list[str]]):
    """Answers with the models marked, or the one under the cursor."""

    AUTO_FOCUS = "Rows"
    BINDINGS = [
        Binding("space", "mark", _("mark"), id="models.mark_answer"),
        Binding("slash", "filter", _("filter"), id="models.find"),
        Binding("enter", "browse", _("to the list"), id="models.to_list"),
        Binding("q", "cancel", "", tooltip=_("close"), show=False, id="list.cancel"),
    ]

    line = getters.query_one(FilterLine)
    rows = getters.query_one(Rows)

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        """Those come first that are given first."""
        super().__init__(_("Who else is to answer?"))
        self._candidates = candidates
        self._marked: list[str] = []

    def compose_body(self) -> ComposeResult:
        yield FilterLine(_("/ finds by letters of a name"))
        yield _Models()

    def on_mount(self) -> None:
        self.add_class("-list")
        self.line.input.can_focus = False
        self._show()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While letters are typed, they find; enter goes to what they found."""
        is_typing = self.is_mounted and self.line.input.has_focus
        return is_typing == (action == "browse") or action == "cancel"

    @on(LineInput.Changed)
    def _show(self) -> None:
        query = self.line.input.value
        found = ranked(query, self._candidates, lambda each: each.name)
        self.rows.show(
            (
                Row(each.name, partial(_draw, each, each.name in self._marked, match.positions))
                for each, match in found
            ),
            empty=_('Nothing matches "{query}". esc leaves.').format(query=query.strip()),
        )
        marked = _("{n} marked").format(n=len(self._marked)) if self._marked else ""
        self.line.count.text = marked or f"{len(found):,}"

    def action_filter(self) -> None:
        """Type letters of a name."""
        self.line.input.can_focus = True
        self.line.input.focus()

    def action_browse(self) -> None:
        """Go from the letters to what they found."""
        self.rows.focus()
        self.line.input.can_focus = False

    def action_mark(self) -> None:
        """Mark the model under the cursor, or let go of it, and go on to the next."""
        name = self.rows.cursor_key
        if name is None:
            return
        if name in self._marked:
            self._marked.remove(name)
        else:
            self._marked.append(name)
        self._show()
        self.rows.action_step(1)

    @on(Rows.Chosen)
    def _take(self) -> None:
        """What is marked, in the order in which it was."""
        self.dismiss(self._marked or [self.rows.cursor_key or ""])


def _draw(each: Candidate, is_marked: bool, hits: Sequence[int], width: int, here: bool) -> Lines:
    others = [Column("", _NOTE), Column("", _SIZE, "right")] if width >= NARROW else []
    room = width - sum(column.width + 2 for column in others)
    mark = f"{g.here if here else ' '} {g.done if is_marked else g.queued} "
    name = name_of(each.name, room - _GAPS, here=here, hits=hits)
    note = (_("loaded"), "$success") if each.is_loaded else ""
    taken = (size(each.size), "$muted") if each.size else ""
    row = cells([Column("", room), *others], [line((mark, "$accent"), name), note, taken])
    return [picked(row, width) if here else row]
