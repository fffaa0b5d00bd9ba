"""A model being made: its layers, gathered until the manifest is written."""

import json
import re
from pathlib import Path
from typing import Any

import msgspec

from tui.domain import manifests
from tui.domain.manifests import DIGEST_PATTERN, Layer, Manifest
from tui.domain.names import ModelName
from tui.engine import cards, gguf
from tui.engine.errors import EngineError
from tui.engine.gguf import BadGguf, Gguf
from tui.engine.models import Model
from tui.engine.store import Store

_PROJECTORS = ("clip", "mmproj")


class Draft:
    """Layers for a manifest, and what is to be told of each."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._layers: list[Layer] = []
        self._parameters: dict[str, Any] = {}
        self._config: dict[str, Any] = {}
        self.file_type = ""
        """How its numbers are packed."""
        self.statuses: list[str] = []

    def start_from(self, base: Model) -> None:
        """Take everything over from another model."""
        self._layers = [self._child_of(base, layer) for layer in base.entry.manifest.layers]
        self._parameters = base.parameters
        self._config = dict(base.config)
        self.file_type = base.header.file_type if base.header else ""
        self.statuses = [f"using existing layer {layer.digest}" for layer in self._layers]

    def _child_of(self, base: Model, layer: Layer) -> Layer:
        if layer.media_type != manifests.WEIGHTS:
            return layer
        return msgspec.structs.replace(layer, parent=base.name)

    def start_with_files(self, digests: list[str]) -> None:
        """Take GGUF files that were brought as blobs. Raises EngineError."""
        for digest in digests:
            self._take_file(digest)
        if not any(layer.media_type == manifests.WEIGHTS for layer in self._layers):
            raise EngineError("no weights are among the files", 400)

    def _take_file(self, digest: str) -> None:
        header = _header(self._blob(digest))
        if header.metadata.get("general.type") == "adapter":
            raise EngineError("a LoRA is an adapter: it needs a model to be laid over", 400)
        projector = header.architecture in _PROJECTORS
        kind = manifests.PROJECTOR if projector else manifests.WEIGHTS
        self._layers.append(Layer(media_type=kind, digest=digest, size=header.size))
        self.statuses.append(f"using existing layer {digest}")
        if not projector:
            self.file_type = header.file_type
            self._config = {
                "model_format": "gguf",
                "model_family": header.architecture,
                "model_families": [header.architecture],
                "model_type": cards.human(header.parameter_count),
                "file_type": header.file_type,
            }

    def _blob(self, digest: str) -> Path:
        if not re.fullmatch(DIGEST_PATTERN, digest):
            raise EngineError("invalid digest format", 400)
        return self._store.blob(digest)

    def put_adapters(self, digests: list[str]) -> None:
        """Lay a LoRA over the weights, in place of one before. Raises EngineError."""
        for digest in digests:
            header = _header(self._blob(digest))
            if header.metadata.get("general.type") != "adapter":
                raise EngineError("the adapter is no LoRA in a GGUF file", 400)
            self._drop(manifests.ADAPTER)
            self._layers.append(
                Layer(media_type=manifests.ADAPTER, digest=digest, size=header.size)
            )
            self.statuses.append(f"using existing layer {digest}")

    def put_texts(self, template: str, system: str, licenses: str | list[str]) -> None:
        """A text replaces the one before; licences are added to those there are."""
        for kind, text in ((manifests.TEMPLATE, template), (manifests.SYSTEM, system)):
            if text:
                self._put(kind, text.encode(), replace=True)
        for text in [licenses] if isinstance(licenses, str) else licenses:
            if text:
                self._put(manifests.LICENSE, text.encode(), replace=False)

    def put_values(self, parameters: dict[str, Any], messages: list[dict[str, Any]]) -> None:
        """Parameters are merged, the new ones first; messages replace those before."""
        if parameters:
            merged = json.dumps(self._parameters | parameters).encode()
            self._put(manifests.PARAMETERS, merged, replace=True)
        if messages:
            self._put(manifests.MESSAGES, json.dumps(messages).encode(), replace=True)

    def put_facts(self, **facts: str) -> None:
        """What is only written down and told of."""
        self._config |= {key: value for key, value in facts.items() if value}

    def _put(self, media_type: str, data: bytes, *, replace: bool) -> None:
        if replace:
            self._drop(media_type)
        layer, new = self._store.add(data, media_type)
        if layer not in self._layers:
            self._layers.append(layer)
            self.statuses.append(
                f"{'creating new' if new else 'using existing'} layer {layer.digest}"
            )

    def _drop(self, media_type: str) -> None:
        gone = [layer for layer in self._layers if layer.media_type == media_type]
        told = [f"using existing layer {layer.digest}" for layer in gone]
        self.statuses = [status for status in self.statuses if status not in told]
        self._layers = [layer for layer in self._layers if layer not in gone]

    def save(self, name: ModelName) -> None:
        """Write the manifest; what the model of that name had before is pruned."""
        config = self._config | {
            "architecture": "amd64",
            "os": "linux",
            "rootfs": {"type": "layers", "diff_ids": [layer.digest for layer in self._layers]},
        }
        layer, _new = self._store.add(json.dumps(config).encode(), manifests.CONFIG)
        manifest = Manifest(config=layer, layers=self._layers)
        self._store.save(name, msgspec.json.encode(manifest))


def _header(path: Path) -> Gguf:
    try:
        return gguf.read(path)
    except FileNotFoundError as error:
        raise EngineError(f"open {path}: no such file or directory", 400) from error
    except BadGguf as error:
        raise EngineError(str(error), 400) from error
