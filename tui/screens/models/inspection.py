"""The detail pane beside the table, and asking the server for what it shows."""

from textual import getters, on, work
from textual.timer import Timer

from tui.api.errors import OllamaError
from tui.domain import clock
from tui.domain.models import LocalModel, ModelCard
from tui.domain.status import HostStatus
from tui.screens.models.elsewhere import elsewhere
from tui.screens.models.library import Library, key_of
from tui.screens.models.making import ModelMaking
from tui.screens.signals import Signals
from tui.widgets.lines import WIDE
from tui.widgets.memory_words import need_words
from tui.widgets.model_detail import Detail, ModelDetail
from tui.widgets.model_layers import Parts
from tui.widgets.model_table import ModelTable
from tui.widgets.rows import Rows
from tui.worker.worker import Worker

_CONTEXT = 4096
"""Tokens that a model is reckoned with that was never loaded: what servers begin with."""
_REST = 0.15
"""Seconds the cursor rests before a model's details are asked for."""


class ModelInspection(ModelMaking):
    """Shows the model under the cursor, once the cursor rests."""

    table = getters.query_one(ModelTable)
    detail = getters.query_one(ModelDetail)

    def __init__(self, worker: Worker, signals: Signals) -> None:
        super().__init__(worker, signals)
        self.library = Library(worker.workspace.view(), self._is_newer)
        self._resting: Timer | None = None
        self._parts: dict[tuple[str, str], Parts] = {}
        """What the model in the details is made of, under `key_of`."""

    def on_mount(self) -> None:
        self.set_interval(1.0, self._count_down)

    def _is_newer(self, model: LocalModel) -> bool:
        return self.worker.updates.state(model) == "update"

    @property
    def status(self) -> HostStatus:
        """What is known of the host in use."""
        return self.worker.hosts.status(self.worker.hosts.current)

    @property
    def chosen(self) -> LocalModel | None:
        """The model under the cursor."""
        key = self.table.cursor_key
        return next((each for each in self.status.models or () if each.name == key), None)

    @on(Rows.Moved)
    def _moved(self) -> None:
        self.refresh_bindings()
        self.inspect_soon()

    def inspect_soon(self) -> None:
        """Show the details once the cursor rests."""
        if self._resting is not None:
            self._resting.stop()
        self._resting = self.set_timer(_REST, self.inspect)

    def inspect(self) -> None:
        """Show the model under the cursor, asking the server if need be."""
        model, status = self.chosen, self.status
        if not self.detail.display:
            return
        self.detail.beside = self.size.width >= WIDE
        card = self.library.card(status, model) if model else None
        self._show(model)
        if model and card is None and status.state == "up":
            self._ask(status, model)

    @work(group="details", exclusive=True)
    async def _ask(self, status: HostStatus, model: LocalModel) -> None:
        try:
            card = await self.worker.models.show(status.name, model.name)
        except OllamaError as error:
            self._show(model, str(error))
            return
        self.library.cards[key_of(status, model)] = card
        self._show(model)

    @work(group="parts", exclusive=True)
    async def look_for_parts(self, model: LocalModel) -> None:
        """Find out what files a model is made of, and who else needs them."""
        status = self.status
        disk = await self.worker.disks.read(status.name)
        if disk and (manifest := disk.manifests.get(model.name)):
            files = tuple(manifest.files)
            sharers = {each.digest: disk.sharers(each.digest, model.name) for each in files}
            parts = Parts(files, sharers, disk.freed([model.name]))
        else:
            parts = Parts.of(await self.worker.updates.manifest(model))
        self._parts = {key_of(status, model): parts}
        self._show(model)

    def _memory(self, status: HostStatus, model: LocalModel, card: ModelCard | None) -> str:
        if status.is_fixed:
            return ""  # it tells no sizes, and what it has was fitted where it was started
        memory = self.worker.memory
        window = self.library.context(status, model)
        context = memory.last_context(status.name, model) or min(_CONTEXT, window or _CONTEXT)
        return need_words(memory.need(status.name, model, context, card), memory.vram(status.name))

    @work(group="abilities", exclusive=True)
    async def learn(self, models: list[LocalModel]) -> None:
        """Ask an older server what each of its models can do."""
        status = self.status
        for model in models:
            try:
                card = await self.worker.models.show(status.name, model.name)
            except OllamaError:
                return  # the list stays as it is; the details say what is wrong
            self.library.cards[key_of(status, model)] = card
            self.learned()

    def learned(self) -> None:
        """More is known of a model."""

    def _show(self, model: LocalModel | None, error: str = "") -> None:
        if model is None or model != self.chosen:
            self.detail.value = None if self.chosen is None else self.detail.value
            return
        status = self.status
        card = self.library.card(status, model)
        self.detail.value = Detail(
            model,
            clock.now(),
            card,
            next((each for each in status.running if each.name == model.name), None),
            error,
            self._parts.get(key_of(status, model)),
            self._memory(status, model, card),
            elsewhere(model, status, self.worker.hosts.all()),
            status.version if status.is_fixed else "",
        )

    def _count_down(self) -> None:
        """The time until a model is unloaded goes on without news from the server."""
        if not self.is_current:
            return
        value = self.detail.value
        if self.detail.display and value and value.running:
            self._show(value.model)
        self.second_passed()

    def second_passed(self) -> None:
        """Count down elsewhere, too."""
