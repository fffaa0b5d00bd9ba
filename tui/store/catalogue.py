"""The shipped list of known models: what completion and size hints come from without internet."""

from functools import cache
from pathlib import Path
from typing import NamedTuple

import msgspec

_FILE = Path(__file__).resolve().parent.parent / "data" / "catalogue.json"


class Tag(msgspec.Struct, frozen=True, kw_only=True):
    """One variant of a listed model."""

    tag: str
    parameters: str | None = None
    quantization: str | None = None
    size_bytes: int | None = None
    approx: bool = False
    """Whether the size is known to two digits only."""
    context_length: int | None = None
    cloud: bool = False
    """Runs on somebody else's servers: there are no weights to pull."""
    vision: bool | None = None


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """A model of the library, with its variants."""

    name: str
    description: str = ""
    publisher: str | None = None
    licence: str | None = None
    capabilities: list[str] = []
    tags: list[Tag] = []
    pulls: int | None = None
    """How often it was pulled, rounded."""
    cloud_only: bool = False


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


class _Catalogue(msgspec.Struct, frozen=True):
    models: list[Listed]


@cache
def listed() -> tuple[Listed, ...]:
    """All models of the catalogue; read once, when first asked for."""
    return tuple(msgspec.json.decode(_FILE.read_bytes(), type=_Catalogue).models)


@cache
def offers() -> tuple[Offer, ...]:
    """Everything of the catalogue that has weights, the most pulled models first."""
    models = sorted(listed(), key=lambda model: -(model.pulls or 0))
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
