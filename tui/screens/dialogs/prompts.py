"""Which prompt of the library to take, and what for."""

from collections.abc import Sequence
from functools import partial
from typing import Literal, NamedTuple

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding

from tui.domain.fuzzy import ranked
from tui.domain.language import _
from tui.screens.dialogs.dialog import Dialog
from tui.store.prompts import SavedPrompt
from tui.widgets.filter_line import FilterLine
from tui.widgets.glyphs import g
from tui.widgets.line_input import LineInput
from tui.widgets.lines import Lines, fit, line, muted, picked, strong
from tui.widgets.plain import one_line
from tui.widgets.rows import Row, Rows
from tui.widgets.text import Rule

_BEGINNING = 400
"""Characters of a prompt that are looked at; more never fits."""

Use = Literal["system", "insert"]


class Picked(NamedTuple):
    """A prompt, and what it is to be."""

    prompt: SavedPrompt
    use: Use


class PromptPicker(Dialog[Picked]):
    """Finds a prompt by some letters of its title."""

    AUTO_FOCUS = "LineInput"
    BINDINGS = [
        Binding("enter", "use('system')", _("system prompt"), id="prompts.system"),
        Binding("tab", "use('insert')", _("into the prompt"), id="prompts.insert"),
        Binding("down", "step(1)", show=False, tooltip=_("next prompt"), id="prompts.down"),
        Binding("up", "step(-1)", show=False, tooltip=_("prompt before"), id="prompts.up"),
    ]

    line = getters.query_one(FilterLine)
    rows = getters.query_one(Rows)

    def __init__(self, prompts: Sequence[SavedPrompt], folder: str) -> None:
        """`folder` is where the user may put more of them."""
        super().__init__(_("Prompts"))
        self._prompts = prompts
        self._folder = folder

    def compose_body(self) -> ComposeResult:
        yield FilterLine(_("letters of a title"))
        yield Rule()
        yield Rows()

    def on_mount(self) -> None:
        self.add_class("-list")
        self.rows.can_focus = False
        self._list()

    @on(LineInput.Changed)
    def _list(self) -> None:
        """Show what matches, the best first."""
        query = self.line.input.value
        found = [each for each, _match in ranked(query, self._prompts, lambda one: one.title)]
        places = {id(each): at for at, each in enumerate(self._prompts)}
        if self._prompts:
            empty = _('Nothing matches "{query}". esc leaves.').format(query=query.strip())
        else:
            empty = _(
                "Nothing here yet. /prompts save TITLE keeps the system prompt of a chat, and any "
                "Markdown file in {folder} is one."
            ).format(folder=self._folder)
        rows = [Row(str(places[id(each)]), partial(_draw, each)) for each in found]
        self.rows.show(rows, cursor_key=rows[0].key if rows else None, empty=empty)

    @on(Rows.Chosen)
    def _choose(self) -> None:
        self.action_use("system")

    def action_use(self, use: Use) -> None:
        """Take the prompt under the cursor."""
        if (key := self.rows.cursor_key) is not None:
            self.dismiss(Picked(self._prompts[int(key)], use))

    def action_step(self, by: int) -> None:
        """Go to another row."""
        self.rows.action_step(by)


def _draw(prompt: SavedPrompt, width: int, here: bool) -> Lines:
    title, text = one_line(prompt.title), one_line(prompt.text[:_BEGINNING])
    name = strong(title) if here else line(title)
    row = line((f"{g.here} " if here else "  ", "$accent"), name, "  ", muted(text))
    return [picked(row, width) if here else fit(row, width)]
