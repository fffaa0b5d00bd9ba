"""The list of known models: what completion and size hints come from without internet."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import msgspec

from tui.domain.listed import Listed, Tag
from tui.domain.names import same_model
from tui.domain.places import Places
from tui.store.writer import Writer

_FILE = Path(__file__).resolve().parent.parent / "data" / "catalogue.json"


class Offer(NamedTuple):
    """Something that can be pulled: a name with its tag, and what is known of it."""

    name: str
    size: int
    """Bytes; 0 where nobody knows."""
    exact: bool
    context: int
    parameters: str
    can: tuple[str, ...]
    about: str
    licence: str


class _Shipped(msgspec.Struct, frozen=True):
    models: list[Listed]


class _News(msgspec.Struct):
    at: float = 0.0
    models: list[Listed] = []


class Catalogue:
    """The shipped list, and what the library's pages told since; that is a cache."""

    def __init__(self, places: Places, writer: Writer) -> None:
        self._path = places.cache / "catalogue.json"
        self._writer = writer
        self._news: _News | None = None
        self._offers: tuple[Offer, ...] | None = None

    @property
    def at(self) -> float:
        """When the pages were read last, in seconds since 1970; 0 if never."""
        return self._told.at

    def listed(self) -> tuple[Listed, ...]:
        """All models."""
        return merged(shipped(), self._told.models)

    def offers(self) -> tuple[Offer, ...]:
        """Everything that has weights, the most pulled models first."""
        if self._offers is None:
            self._offers = offers_of(self.listed()) if self._told.models else offers()
        return self._offers

    def learn(self, models: list[Listed], at: float) -> None:
        """Take in what the library's pages told."""
        self._news, self._offers = _News(at, models), None
        self._writer.write(self._path, msgspec.json.encode(self._news))

    @property
    def _told(self) -> _News:
        if self._news is None:
            try:
                self._news = msgspec.json.decode(self._path.read_bytes(), type=_News)
            except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
                self._news = _News()
        return self._news


def merged(known: Iterable[Listed], news: Iterable[Listed]) -> tuple[Listed, ...]:
    """What is known stands; what is new is added to it: models, variants, how often pulled."""
    told = {model.name: model for model in news}
    both = [_with(model, told.pop(model.name, None)) for model in known]
    return *both, *told.values()


def _with(model: Listed, news: Listed | None) -> Listed:
    if news is None:
        return model
    tags = {tag.tag for tag in model.tags}
    return msgspec.structs.replace(
        model,
        pulls=news.pulls or model.pulls,
        tags=[*model.tags, *(tag for tag in news.tags if tag.tag not in tags)],
    )


@cache
def shipped() -> tuple[Listed, ...]:
    """All models that this version knows of itself; read once, when first asked for."""
    return tuple(msgspec.json.decode(_FILE.read_bytes(), type=_Shipped).models)


@cache
def offers() -> tuple[Offer, ...]:
    """Everything that is shipped and has weights, the most pulled models first."""
    return offers_of(shipped())


def listed_size(name: str) -> int:
    """Bytes of a model by what is shipped; 0 where it does not know."""
    return next((offer.size for offer in offers() if same_model(offer.name, name)), 0)


def offers_of(listed: Iterable[Listed]) -> tuple[Offer, ...]:
    """Everything that has weights, the most pulled models first."""
    models = sorted(listed, key=lambda model: -(model.pulls or 0))
    return tuple(
        _offer(model, tag)
        for model in models
        if not model.cloud_only
        for tag in model.tags
        if not tag.cloud
    )


def _offer(model: Listed, tag: Tag) -> Offer:
    can = [each for each in model.capabilities if each != "vision" or tag.vision is not False]
    return Offer(
        name=f"{model.name}:{tag.tag}",
        size=tag.size_bytes or 0,
        exact=not tag.approx,
        context=tag.context_length or 0,
        parameters=tag.parameters or "",
        can=tuple(can),
        about=model.description,
        licence=model.licence or "",
    )
