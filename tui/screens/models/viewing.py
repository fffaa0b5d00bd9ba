"""How the models are looked at: sorting, filters, families; and whether they are up to date."""

from collections.abc import Sequence

from textual import on, work
from textual.binding import Binding

from tui.domain.language import _
from tui.domain.models import LocalModel
from tui.screens.dialogs.choice import ChoiceDialog
from tui.screens.filters import turned
from tui.screens.models.inspection import ModelInspection
from tui.screens.models.library import FILTERS, LOADED
from tui.screens.signals import Signals
from tui.widgets.rows import Rows
from tui.widgets.tab_strip import Strip
from tui.worker.worker import Worker

VIEWING = (
    Binding("S", "reverse", "", tooltip=_("sort backwards"), show=False, id="models.reverse"),
    Binding("f", "family", "", tooltip=_("one family only"), show=False, id="models.family"),
)


class ModelViewing(ModelInspection):
    """Remembers how the table was looked at last."""

    def __init__(self, worker: Worker, signals: Signals) -> None:
        super().__init__(worker, signals)
        self._shown: Sequence[LocalModel] = ()

    def show_list(self) -> None:
        """Draw the table anew."""

    def action_sort(self) -> None:
        """Sort in another way."""
        self.library.next_order()
        self._look_anew()

    def action_reverse(self) -> None:
        """Sort the other way round."""
        self.library.backwards = not self.library.backwards
        self._look_anew()

    @work(group="family", exclusive=True)
    async def action_family(self) -> None:
        """Show the models of one family only, or of all again."""
        families = self.library.families(self.status)
        texts = [_("all families"), *(f"{name}  {n}" for name, n in families.items())]
        chosen = await self.app.push_screen_wait(ChoiceDialog(_("Family"), texts))
        if chosen is not None:
            self.library.family = ["", *families][chosen]
            self._look_anew()

    def action_turn(self, by: int) -> None:
        """Go to the next filter, or the one before."""
        keys = [each.key for each in FILTERS]
        self._filter_by(turned(keys, self.library.filter, by))

    @on(Strip.Chosen)
    def _choose_filter(self, event: Strip.Chosen) -> None:
        self._filter_by(event.key)

    def _filter_by(self, key: str) -> None:
        self.library.filter = key
        self._look_anew()
        untold = () if self.status.is_fixed else self.library.untold(self.status)
        if key != LOADED and untold:
            self.learn([*untold])

    def _look_anew(self) -> None:
        """Show the models in another way, the next time too."""
        self.worker.workspace.keep_view(self.library.view)
        self.show_list()

    def shows(self, models: Sequence[LocalModel]) -> None:
        """These are in the table now, in this order."""
        self._shown = models
        self._check()

    @on(Rows.Moved)
    def _check(self) -> None:
        """Learn whether those in sight are the newest."""
        top = self.table.scroll_offset.y
        self.worker.updates.check(
            self._shown[top : top + (self.table.size.height or self.size.height)]
        )
