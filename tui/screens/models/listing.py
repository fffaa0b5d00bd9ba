"""The table of models and what stands around it, as they are now."""

from textual import getters
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from tui.domain.language import _
from tui.domain.models import LocalModel
from tui.screens.models.drawing import entries, nothing, summary, tabs
from tui.screens.models.viewing import ModelViewing
from tui.screens.pacing import Paced
from tui.screens.signals import Signals
from tui.widgets.filter_line import FilterLine
from tui.widgets.model_detail import ModelDetail
from tui.widgets.model_table import ROOMY, ModelHeading, ModelLine, ModelTable, shape_of
from tui.widgets.tab_strip import Strip
from tui.worker.worker import Worker


class ModelListing(ModelViewing):
    """Shows the models that filters leave, and how many of them are marked."""

    strip = getters.query_one(Strip)
    heading = getters.query_one(ModelHeading)
    line = getters.query_one(FilterLine)

    def __init__(self, worker: Worker, signals: Signals) -> None:
        super().__init__(worker, signals)
        self.list_soon = Paced(self, self.show_list)
        """Call it when something in the table may have changed."""

    def compose_body(self) -> ComposeResult:
        yield Strip()
        with Horizontal():
            with Vertical(id="list"):
                yield FilterLine(_("letters of a name"))
                yield ModelHeading()
                yield ModelTable()
            yield ModelDetail()

    @property
    def narrowed(self) -> bool:
        """Whether something is left out or marked."""
        return self.has_class("-filter") or bool(self.library.marked)

    def is_loaded(self, model: LocalModel) -> bool:
        """Whether a model is in memory."""
        return any(each.name == model.name for each in self.status.running)

    def picked(self) -> list[LocalModel]:
        """What an action is for: the models that are marked, else the one under the cursor."""
        if self.library.marked:
            return [each for each in self.status.models or () if each.name in self.library.marked]
        return [self.chosen] if self.chosen else []

    def show_list(self) -> None:
        """Draw the table anew."""
        if not self.is_current:
            return
        status, library = self.status, self.library
        library.at(status.name)
        self.shows([line.model for line in self._fill()])
        self.strip.tabs = tabs(status, library)
        self.strip.active = library.filter
        self.strip.right = summary(status, library)
        self.refresh_bindings()
        self.inspect_soon()

    def _fill(self) -> list[ModelLine]:
        """Put into the table what is known by now."""
        status, library = self.status, self.library
        found = entries(status, library, self.worker.pulls.all())
        self.heading.shape = shape_of(found)
        self.heading.display = bool(found)
        self.line.count.text = _("{n} of {all}").format(n=len(found), all=len(status.models or ()))
        self.table.show_models(found, nothing(status, library))
        return found

    def second_passed(self) -> None:
        if self.status.running and self.table.size.width >= ROOMY:
            self._fill()
