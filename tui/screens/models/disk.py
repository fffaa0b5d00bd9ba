"""A page that says where the disk has gone."""

from textual import getters, work
from textual.app import ComposeResult
from textual.binding import Binding

from tui.domain.disk import Disk
from tui.domain.language import _, many
from tui.domain.models import LocalModel
from tui.domain.status import HostStatus
from tui.domain.units import size
from tui.paths import stylesheet
from tui.screens.models.actions import ModelActions
from tui.screens.models.library import total
from tui.screens.pacing import Paced
from tui.screens.page import LOW
from tui.screens.signals import Signals
from tui.widgets.disk_rows import DiskLine, disk_rows
from tui.widgets.lines import dots
from tui.widgets.rows import Rows
from tui.widgets.tab_strip import Strip, Tab
from tui.widgets.text import Text
from tui.worker.worker import Worker


class DiskPage(ModelActions):
    """True bytes per model and in all; what deleting one frees; what belongs to none."""

    CSS_PATH = stylesheet("models")
    AUTO_FOCUS = "Rows"
    BINDINGS = [
        Binding("escape,q,w", "leave", _("back"), id="disk.leave"),
        Binding("d", "delete", _("delete"), id="disk.delete"),
        Binding("r", "reload", _("reload"), id="disk.reload"),
    ]

    strip = getters.query_one(Strip)
    rows = getters.query_one(Rows)
    about = getters.query_one("#about", Text)

    def __init__(self, worker: Worker, signals: Signals) -> None:
        super().__init__(worker, signals)
        self.title = _("Models")
        self._look_soon = Paced(self, self._look)

    def compose_body(self) -> ComposeResult:
        yield Strip()
        yield Text(id="about")
        yield Rows()

    def on_mount(self) -> None:
        self.signals.hosts.subscribe(self, self._look_soon)
        self.strip.tabs = (Tab("disk", _("Disk of {host}").format(host=self._status.shown)),)
        self.strip.active = "disk"
        self._look()

    @property
    def _status(self) -> HostStatus:
        return self.worker.hosts.status(self.worker.hosts.current)

    @property
    def chosen(self) -> LocalModel | None:
        key = self.rows.cursor_key
        return next((each for each in self._status.models or () if each.name == key), None)

    def action_leave(self) -> None:
        """Back to the models."""
        self.dismiss()

    def _look(self) -> None:
        self._read()

    @work(group="disk", exclusive=True)
    async def _read(self) -> None:
        status = self._status
        disk = await self.worker.disks.read(status.name)
        models = status.models or ()
        said = _measured(disk, models) if disk else _listed(models)
        self.about.text = said if self.size.height >= LOW else said.partition("\n")[0]
        lines = [_line(model, disk) for model in models]
        lines.sort(key=lambda each: (-(each.freed or 0), -each.size, each.name))
        self.rows.show(disk_rows(lines) if lines else [], empty=_("No models."))


def _line(model: LocalModel, disk: Disk | None) -> DiskLine:
    if disk is None:
        return DiskLine(model.name, model.size)
    sharers = {
        name
        for layer in disk.manifests[model.name].files
        for name in disk.sharers(layer.digest, model.name)
    }
    freed, shared = disk.freed([model.name]), disk.shared(model.name)
    return DiskLine(model.name, model.size, freed, shared, tuple(sorted(sharers)))


def _measured(disk: Disk, models: tuple[LocalModel, ...]) -> str:
    count = many("{n} model", "{n} models", len(models)).format(n=len(models))
    facts = dots(
        _("{size} on the disk").format(size=size(disk.total)),
        count,
        _("{size} if nothing were shared").format(size=size(total(models))),
    )
    if disk.stray:
        text = _(
            "{size} more belong to no model: downloads that were interrupted, or leftovers, "
            "which the server removes when it starts."
        )
        facts += "\n" + text.format(size=size(disk.stray))
    return f"{facts}\n{disk.folder}"


def _listed(models: tuple[LocalModel, ...]) -> str:
    text = _(
        "{size} by the server's list\nIt counts shared layers once for each model. Its models "
        "folder cannot be read from here, so what deleting frees is not known."
    )
    return text.format(size=size(total(models)))
