"""Which models of a server are shown, and in which order."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from tui.domain.fuzzy import Match, fuzzy
from tui.domain.language import _
from tui.domain.models import LocalModel, ModelCard
from tui.domain.status import HostStatus
from tui.screens.models.orders import after, order_of
from tui.store.workspace import TableView

IsNewer = Callable[[LocalModel], bool]
_USUAL = TableView()


class Filter(NamedTuple):
    """A tab of the strip: what it is called, and the ability that it asks for."""

    key: str
    title: str
    ability: str = ""


ALL = "all"
LOADED = "loaded"
UPDATES = "updates"
FILTERS = (
    Filter(ALL, _("All")),
    Filter(LOADED, _("Loaded")),
    Filter(UPDATES, _("Updates")),
    Filter("tools", _("Tools"), "tools"),
    Filter("vision", _("Vision"), "vision"),
    Filter("thinking", _("Thinking"), "thinking"),
    Filter("embedding", _("Embedding"), "embedding"),
)


class Library:
    """The models of one host as they are shown: filters and a query in, models out."""

    def __init__(self, view: TableView = _USUAL, newer: IsNewer = lambda _model: False) -> None:
        self.host = ""
        self.filter = view.filter if any(view.filter == each.key for each in FILTERS) else ALL
        self.family = view.family
        self.query = ""
        self.order = order_of(view.order)
        self.backwards = view.backwards
        self.newer = newer
        """Whether the registry has a newer version of a model."""
        self.marked: set[str] = set()
        """Names that the next action is for."""
        self.loading: set[str] = set()
        """Names that are on their way into memory."""
        self.cards: dict[tuple[str, str], ModelCard] = {}
        """What servers told of single models, under `key_of`."""

    def at(self, host: str) -> None:
        """Turn to a host: what was marked on another means nothing here."""
        if host != self.host:
            self.host = host
            self.marked.clear()
            self.loading.clear()

    def show_all(self) -> None:
        """Leave nothing out."""
        self.filter, self.family, self.query = ALL, "", ""

    @property
    def view(self) -> TableView:
        """What is to be remembered of it."""
        return TableView(self.order.key, self.backwards, self.filter, self.family)

    def next_order(self) -> None:
        """Sort in another way."""
        self.order, self.backwards = after(self.order), False

    def card(self, status: HostStatus, model: LocalModel) -> ModelCard | None:
        """What is known of a model beyond the list."""
        return self.cards.get(key_of(status, model))

    def can(self, status: HostStatus, model: LocalModel) -> list[str] | None:
        """What a model can do; None while nobody has told."""
        if model.capabilities is not None:
            return model.capabilities
        card = self.card(status, model)
        return card.capabilities if card else None

    def context(self, status: HostStatus, model: LocalModel) -> int:
        """The context window that a model was made for; 0 where nobody has told."""
        card = self.card(status, model)
        told = card.number("context_length") if card else None
        return model.details.context_length or told or 0

    def untold(self, status: HostStatus) -> list[LocalModel]:
        """Models whose abilities an older server does not list."""
        return [each for each in status.models or () if self.can(status, each) is None]

    def counts(self, status: HostStatus) -> Mapping[str, int]:
        """How many models each filter lets through."""
        return {each.key: len(self._let_through(status, each)) for each in FILTERS}

    def families(self, status: HostStatus) -> dict[str, int]:
        """The families of the models, and how many each has; the largest first."""
        counts = Counter(each.details.family for each in status.models or ())
        return dict(counts.most_common())

    def shown(self, status: HostStatus) -> list[tuple[LocalModel, Match]]:
        """The models to show, with the letters that the query found."""
        chosen = next(each for each in FILTERS if each.key == self.filter)
        return [
            (model, match)
            for model in self._let_through(status, chosen)
            if (match := fuzzy(self.query, model.name))
        ]

    def _let_through(self, status: HostStatus, chosen: Filter) -> list[LocalModel]:
        family = self.chosen_family(status)
        models = [
            each for each in status.models or () if not family or each.details.family == family
        ]
        if chosen.key == LOADED:
            running = {each.name for each in status.running}
            return [model for model in models if model.name in running]
        if chosen.key == UPDATES:
            return [model for model in models if self.newer(model)]
        if chosen.ability:
            return [each for each in models if chosen.ability in (self.can(status, each) or ())]
        return models

    def chosen_family(self, status: HostStatus) -> str:
        """The family that is asked for, where this host has one of it."""
        return self.family if self.family in self.families(status) else ""


def key_of(status: HostStatus, model: LocalModel) -> tuple[str, str]:
    """What a card is kept under: another pull of the same name is another model."""
    return status.name, f"{model.name} {model.digest}"


def total(models: Iterable[LocalModel]) -> int:
    """The bytes of all of them."""
    return sum(model.size for model in models)
