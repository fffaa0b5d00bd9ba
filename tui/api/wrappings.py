"""Answers of which one field is what was asked for."""

import msgspec

from tui.domain.models import LocalModel, RunningModel


class Version(msgspec.Struct):
    """The answer of `GET /api/version`."""

    version: str


class Models(msgspec.Struct):
    """The answer of `GET /api/tags`."""

    models: list[LocalModel] = []


class Running(msgspec.Struct):
    """The answer of `GET /api/ps`."""

    models: list[RunningModel] = []


class Inside(msgspec.Struct):
    """What a server tells of its insides when asked to."""

    rendered_template: str = ""


class Rendered(msgspec.Struct):
    """The answer of a chat that was only rendered."""

    inside: Inside | None = msgspec.field(name="_debug_info", default=None)


class Embeddings(msgspec.Struct):
    """The answer of `POST /api/embed`."""

    embeddings: list[list[float]] = []
