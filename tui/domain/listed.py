"""A model as a catalogue lists it, with its variants."""

import msgspec


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
