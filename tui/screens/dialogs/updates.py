"""Whether models are up to date: one line for each, as registries answer."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from functools import partial

from textual import getters, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.reactive import var

from tui.domain.language import _, many
from tui.domain.models import LocalModel
from tui.screens.dialogs.dialog import Dialog
from tui.widgets.glyphs import g
from tui.widgets.lines import Lines, fit, line, picked
from tui.widgets.model_table import name_of
from tui.widgets.plain import one_line
from tui.widgets.rows import Row, Rows
from tui.widgets.text import Text
from tui.worker.updates import Freshness

_NAME, _STATE = 40, 20
Results = AsyncGenerator[tuple[LocalModel, Freshness, str], None]


class _Results(Rows):
    """One line a model."""

    BINDINGS = [Binding("enter", "choose", _("pull the updates"), id="updates.take")]
    has_newer: var[bool] = var(False, bindings=True)
    """Whether there is something to pull."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to pull where there is something new."""
        return action != "choose" or self.has_newer


class UpdatesDialog(Dialog[list[LocalModel]]):
    """Answers with the models that have a newer version, once the user has seen the results."""

    AUTO_FOCUS = "Rows"

    rows = getters.query_one(_Results)
    about = getters.query_one("#about", Text)

    def __init__(self, results: Results) -> None:
        super().__init__(_("Updates"))
        self._results = results
        self._lines: list[Row] = []
        self._newer: list[LocalModel] = []
        self._errors: dict[str, str] = {}
        """Why some could not be asked for, by their names."""
        self._ended = False

    def compose_body(self) -> ComposeResult:
        yield _Results(_("asking..."))
        yield Text(_("asking the registries..."), "$muted", id="about")

    def on_mount(self) -> None:
        self.add_class("-list")
        self._ask()

    @work(group="ask")
    async def _ask(self) -> None:
        async with aclosing(self._results) as results:
            async for model, state, error in results:
                self._lines.append(Row(model.name, partial(_draw, model.name, state)))
                self._newer += [model] if state == "update" else []
                self.rows.has_newer = bool(self._newer)
                self._errors |= {model.name: error} if error else {}
                self.rows.show(self._lines)
                self._tell()
        self._ended = True
        self._tell()

    def on_rows_moved(self) -> None:
        self._tell()

    def _tell(self) -> None:
        """What came out so far, and what is wrong with the model under the cursor."""
        said = self._summary() if self._ended else _("asking the registries...")
        error = self._errors.get(self.rows.cursor_key or "")
        self.about.text = f"{said}\n{one_line(error)}" if error else said

    def _summary(self) -> str:
        newer, untold = len(self._newer), len(self._errors)
        updates = many("{n} model has an update.", "{n} models have an update.", newer)
        lost = many(
            "{n} model could not be asked for.", "{n} models could not be asked for.", untold
        )
        none = (
            _("No newer version is known.") if untold else _("Every model is the newest there is.")
        )
        parts = updates.format(n=newer) if newer else none, lost.format(n=untold) if untold else ""
        return " ".join(filter(None, parts))

    def on_rows_chosen(self) -> None:
        """Pull what is new."""
        self.dismiss(self._newer)


def _draw(name: str, state: Freshness, width: int, here: bool) -> Lines:
    words = {
        "current": (_("the newest"), "$success"),
        "update": (_("has an update"), "$warning"),
        "unlisted": (_("not in its registry"), "$muted"),
        "unknown": (_("no answer"), "$error"),
    }
    room = min(_NAME, width - _STATE - 3)
    mark = line((f"{g.here if here else ' '} ", "$accent"))
    row = line(mark, fit(name_of(name, room, here=here), room), "  ", words[state])
    return [picked(row, width) if here else fit(row, width)]
