"""Whether models are up to date: one line for each, as registries answer."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from functools import partial

from textual import getters, work
from textual.app import ComposeResult
from textual.binding import Binding

from tui.domain.language import _, many
from tui.domain.models import LocalModel
from tui.screens.dialogs.dialog import Dialog
from tui.widgets.lines import Lines, fit, line, picked
from tui.widgets.plain import one_line
from tui.widgets.rows import Row, Rows
from tui.widgets.text import Text
from tui.worker.updates import Freshness

_NAME = 30
Results = AsyncGenerator[tuple[LocalModel, Freshness, str], None]


class UpdatesDialog(Dialog[list[LocalModel]]):
    """Answers with the models that have a newer version, once the user has seen the results."""

    AUTO_FOCUS = "Rows"
    BINDINGS = [Binding("enter", "take", _("pull the updates"), id="updates.take")]

    rows = getters.query_one(Rows)
    about = getters.query_one("#about", Text)

    def __init__(self, results: Results) -> None:
        super().__init__(_("Updates"))
        self._results = results
        self._lines: list[Row] = []
        self._newer: list[LocalModel] = []

    def compose_body(self) -> ComposeResult:
        yield Rows(_("asking..."))
        yield Text(_("asking the registries..."), "$muted", id="about")

    def on_mount(self) -> None:
        self.add_class("-list")
        self._ask()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to pull where there is something new."""
        return action != "take" or bool(self._newer)

    @work(group="ask")
    async def _ask(self) -> None:
        async with aclosing(self._results) as results:
            async for model, state, error in results:
                self._lines.append(Row(model.name, partial(_draw, model.name, state, error)))
                self._newer += [model] if state == "update" else []
                self.rows.show(self._lines)
                self.refresh_bindings()
        text = many("{n} model has an update.", "{n} models have an update.", len(self._newer))
        none = _("Every model is the newest its registry has.")
        self.about.text = text.format(n=len(self._newer)) if self._newer else none

    def on_rows_chosen(self) -> None:
        self.action_take()

    def action_take(self) -> None:
        """Pull what is new."""
        if self._newer:
            self.dismiss(self._newer)


def _draw(name: str, state: Freshness, error: str, width: int, here: bool) -> Lines:
    words = {
        "current": (_("the newest"), "$success"),
        "update": (_("has an update"), "$warning"),
        "unlisted": (_("not in its registry"), "$muted"),
        "unknown": (one_line(error), "$error"),
    }
    row = line(" ", fit(line(one_line(name)), _NAME), "  ", words[state])
    return [picked(row, width) if here else fit(row, width)]
