"""What a model is made of: the manifest that registries serve and model stores keep."""

import hashlib
from typing import Annotated, Self

import msgspec

TYPE = "application/vnd.docker.distribution.manifest.v2+json"
CONFIG = "application/vnd.docker.container.image.v1+json"
WEIGHTS = "application/vnd.ollama.image.model"
PROJECTOR = "application/vnd.ollama.image.projector"
ADAPTER = "application/vnd.ollama.image.adapter"
TEMPLATE = "application/vnd.ollama.image.template"
SYSTEM = "application/vnd.ollama.image.system"
PARAMETERS = "application/vnd.ollama.image.params"
MESSAGES = "application/vnd.ollama.image.messages"
LICENSE = "application/vnd.ollama.image.license"

DIGEST_PATTERN = r"^sha256:[0-9a-f]{64}$"
Digest = Annotated[str, msgspec.Meta(pattern=DIGEST_PATTERN)]
"""`sha256:` and 64 hex digits: it becomes a file name, so nothing else is let through."""

_LARGEST = 1 << 44
"""Bytes of a file, 16 TiB: of more, a download would have parts without number."""


class BadManifest(ValueError):
    """Bytes that are no manifest."""


class Layer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One file of a model."""

    media_type: str = msgspec.field(name="mediaType")
    digest: Digest
    size: Annotated[int, msgspec.Meta(ge=0, le=_LARGEST)]
    parent: str = msgspec.field(name="from", default="")
    """The model this one was made from, on its weights."""


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """The files of a model, by digest."""

    schema_version: int = msgspec.field(name="schemaVersion", default=2)
    media_type: str = msgspec.field(name="mediaType", default=TYPE)
    config: Layer
    layers: list[Layer]

    @classmethod
    def read(cls, raw: bytes) -> Self:
        """Decode a manifest. Raises BadManifest."""
        try:
            return msgspec.json.decode(raw, type=cls)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise BadManifest(str(error)) from error

    @property
    def files(self) -> list[Layer]:
        """Every layer in its order, the config last, as they are downloaded."""
        return [*self.layers, self.config]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(layer.size for layer in self.files)

    def of_type(self, media_type: str) -> list[Layer]:
        """The layers of one media type."""
        return [layer for layer in self.layers if layer.media_type == media_type]


def digest_of(data: bytes) -> str:
    """The digest of some bytes, `sha256:` and 64 hex digits."""
    return "sha256:" + hashlib.sha256(data).hexdigest()
