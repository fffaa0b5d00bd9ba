"""Which models of a server are shown, and in which order."""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from tui.domain.fuzzy import Match, fuzzy
from tui.domain.language import _
from tui.domain.models import LocalModel, ModelCard
from tui.domain.status import HostStatus


class Filter(NamedTuple):
    """A tab of the strip: what it is called, and the ability that it asks for."""

    key: str
    title: str
    ability: str = ""


ALL = "all"
LOADED = "loaded"
FILTERS = (
    Filter(ALL, _("All")),
    Filter(LOADED, _("Loaded")),
    Filter("tools", _("Tools"), "tools"),
    Filter("vision", _("Vision"), "vision"),
    Filter("thinking", _("Thinking"), "thinking"),
    Filter("embedding", _("Embedding"), "embedding"),
)


class Order(NamedTuple):
    """A way to sort; names decide between equals."""

    title: str
    key: Callable[[LocalModel], float]


ORDERS = (
    Order(_("by name"), lambda _model: 0),
    Order(_("by size"), lambda model: -model.size),
    Order(_("by date"), lambda model: -(model.modified_at.timestamp() if model.modified_at else 0)),
)


class Library:
    """The models of one host as they are shown: filter, query and order in, models out."""

    def __init__(self) -> None:
        self.host = ""
        self.filter = ALL
        self.query = ""
        self.order = ORDERS[0]
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

    def next_order(self) -> None:
        """Sort in another way."""
        self.order = ORDERS[(ORDERS.index(self.order) + 1) % len(ORDERS)]

    def card(self, status: HostStatus, model: LocalModel) -> ModelCard | None:
        """What is known of a model beyond the list."""
        return self.cards.get(key_of(status, model))

    def can(self, status: HostStatus, model: LocalModel) -> list[str] | None:
        """What a model can do; None while nobody has told."""
        if model.capabilities is not None:
            return model.capabilities
        card = self.card(status, model)
        return card.capabilities if card else None

    def untold(self, status: HostStatus) -> list[LocalModel]:
        """Models whose abilities an older server does not list."""
        return [each for each in status.models or () if self.can(status, each) is None]

    def counts(self, status: HostStatus) -> Mapping[str, int]:
        """How many models each filter lets through."""
        return {each.key: len(self._let_through(status, each)) for each in FILTERS}

    def shown(self, status: HostStatus) -> list[tuple[LocalModel, Match]]:
        """The models to show, with the letters that the query found."""
        chosen = next(each for each in FILTERS if each.key == self.filter)
        matches = (
            (model, match)
            for model in self._let_through(status, chosen)
            if (match := fuzzy(self.query, model.name))
        )
        return sorted(matches, key=lambda pair: (self.order.key(pair[0]), _by_name(pair[0])))

    def _let_through(self, status: HostStatus, chosen: Filter) -> list[LocalModel]:
        models = status.models or ()
        if chosen.key == LOADED:
            running = {each.name for each in status.running}
            return [model for model in models if model.name in running]
        if chosen.ability:
            return [each for each in models if chosen.ability in (self.can(status, each) or ())]
        return list(models)


def _by_name(model: LocalModel) -> str:
    """A model's tags together, before the models whose names begin like its own."""
    return model.name.lower().replace(":", " ")


def key_of(status: HostStatus, model: LocalModel) -> tuple[str, str]:
    """What a card is kept under: another pull of the same name is another model."""
    return status.name, f"{model.name} {model.digest}"


def total(models: Iterable[LocalModel]) -> int:
    """The bytes of all of them."""
    return sum(model.size for model in models)
