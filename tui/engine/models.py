"""A stored model with what its layers say."""

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec

from tui.domain import manifests
from tui.domain.manifests import BadManifest
from tui.domain.names import BadModelName, ModelName
from tui.engine import gguf
from tui.engine.abilities import capabilities, is_jinja
from tui.engine.errors import EngineError
from tui.engine.gguf import BadGguf, Gguf
from tui.engine.store import Entry, Store


@dataclass(frozen=True)
class Model:
    """A model: its files and the defaults it brings."""

    entry: Entry
    store: Store
    header: Gguf | None
    """None when the weights are no GGUF that can be read; `trouble` says why."""
    trouble: str = ""

    @property
    def name(self) -> str:
        """The name in its display form, always with a tag."""
        return self.entry.name.short

    @property
    def full_name(self) -> str:
        """The name with its host and namespace, as some of Ollama's errors write it."""
        name = self.entry.name
        return f"{name.host}/{name.namespace}/{name.model}:{name.tag}"

    @property
    def weights(self) -> Path | None:
        """The GGUF file."""
        return self._file(manifests.WEIGHTS)

    @property
    def projector(self) -> Path | None:
        """The part that reads images, where it has a file of its own."""
        return self._file(manifests.PROJECTOR)

    @property
    def adapter(self) -> Path | None:
        """A LoRA that is laid over the weights."""
        return self._file(manifests.ADAPTER)

    @property
    def parent(self) -> str:
        """The model this one was made from."""
        layers = self.entry.manifest.of_type(manifests.WEIGHTS)
        return layers[0].parent if layers else ""

    @cached_property
    def parameters(self) -> dict[str, Any]:
        """The options it brings."""
        found = self._json(manifests.PARAMETERS)
        return found if isinstance(found, dict) else {}

    @cached_property
    def messages(self) -> list[dict[str, Any]]:
        """The messages every chat with it starts with."""
        found = self._json(manifests.MESSAGES)
        return found if isinstance(found, list) else []

    @cached_property
    def system(self) -> str:
        """Its system text."""
        return "\n".join(self._texts(manifests.SYSTEM))

    @cached_property
    def template(self) -> str:
        """The template it was made with; empty where that is the one in its file."""
        return "".join(self._texts(manifests.TEMPLATE)[-1:])

    @property
    def jinja(self) -> str:
        """The template that its conversations are written with."""
        own = self.header.template if self.header else ""
        return self.template if is_jinja(self.template) else own

    @cached_property
    def licenses(self) -> list[str]:
        """The texts of its licences."""
        return self._texts(manifests.LICENSE)

    @cached_property
    def config(self) -> dict[str, Any]:
        """What its maker wrote down of it, for models that are no GGUF."""
        try:
            found = json.loads(self.store.blob(self.entry.manifest.config.digest).read_bytes())
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    @cached_property
    def capabilities(self) -> list[str]:
        """What the model can do, in Ollama's words."""
        found = capabilities(self.header, self.jinja) if self.header else []
        return [*found, "vision"] if self.projector and "vision" not in found else found

    def require(self, capability: str, text: str) -> None:
        """Refuse what the model cannot do, with Ollama's words."""
        if capability not in self.capabilities:
            raise EngineError(text, 400)

    def _file(self, media_type: str) -> Path | None:
        layers = self.entry.manifest.of_type(media_type)
        return self.store.blob(layers[0].digest) if layers else None

    def _texts(self, media_type: str) -> list[str]:
        layers = self.entry.manifest.of_type(media_type)
        try:
            return [self.store.blob(layer.digest).read_text("utf-8") for layer in layers]
        except (OSError, UnicodeDecodeError) as error:
            raise EngineError(f"a file of {self.name} cannot be read: {error}") from error

    def _json(self, media_type: str) -> object:
        texts = self._texts(media_type)
        try:
            return msgspec.json.decode(texts[-1]) if texts else None
        except msgspec.DecodeError as error:
            raise EngineError(f"a file of {self.name} is damaged: {error}") from error


class Models:
    """The models of a store; headers are read once per file."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._headers: dict[tuple[Path, int, int], Gguf | str] = {}

    def all(self) -> list[Model]:
        """Every model, the newest first."""
        return [self._model(entry) for entry in self.store.entries()]

    def find(self, text: str) -> Model | None:
        """A model by the name a client wrote; None where there is none."""
        try:
            entry = self.store.find(ModelName.parse(text))
        except BadModelName:
            return None
        except BadManifest as error:
            raise EngineError(f"the manifest of {text} is damaged: {error}") from error
        return self._model(entry) if entry else None

    def _model(self, entry: Entry) -> Model:
        layers = entry.manifest.of_type(manifests.WEIGHTS)
        if not layers:
            return Model(entry, self.store, None, f"{entry.name.short} has no GGUF weights")
        found = self._header(self.store.blob(layers[0].digest))
        if isinstance(found, str):
            return Model(entry, self.store, None, found)
        return Model(entry, self.store, found)

    def _header(self, path: Path) -> Gguf | str:
        """A file's header, or why it cannot be read."""
        try:
            status = path.stat()
            key = path, status.st_size, status.st_mtime_ns
            if key not in self._headers:
                try:
                    self._headers[key] = gguf.read(path)
                except BadGguf as error:
                    self._headers[key] = str(error)
            return self._headers[key]
        except OSError as error:
            return f"open {path}: {(error.strerror or str(error)).lower()}"
