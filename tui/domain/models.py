"""What a server tells of its models, decoded straight from its answers.

Every field but the name is optional: older servers leave some out, and none of that may fail.
"""

from datetime import datetime, timedelta
from typing import Any

import msgspec

from tui.domain import clock

FOREVER = timedelta(days=365 * 100)
"""`keep_alive: -1` is told as an end about 292 years from now."""


class Details(msgspec.Struct, frozen=True, kw_only=True):
    """The short facts of a model."""

    format: str = ""
    family: str = ""
    families: list[str] | None = None
    parent_model: str = ""
    parameter_size: str = ""
    quantization_level: str = ""
    context_length: int | None = None
    embedding_length: int | None = None


class LocalModel(msgspec.Struct, frozen=True, kw_only=True):
    """One line of `GET /api/tags`."""

    name: str
    modified_at: datetime | None = None
    size: int = 0
    """Bytes of all layers; layers shared with other models are counted for each."""
    digest: str = ""
    """sha256 of the manifest, 64 hex digits."""
    details: Details = Details()
    capabilities: list[str] | None = None
    """None on servers that do not tell here; `/api/show` does."""
    remote_host: str = ""


class RunningModel(msgspec.Struct, frozen=True, kw_only=True):
    """One line of `GET /api/ps`."""

    name: str
    size: int = 0
    """Bytes of memory in all."""
    size_vram: int = 0
    """Bytes of them on a GPU."""
    digest: str = ""
    details: Details = Details()
    expires_at: datetime | None = None
    context_length: int = 0
    """The window allocated, in tokens; 0 where the server does not tell."""

    @property
    def cpu_share(self) -> float:
        """Between 0 (all on GPUs) and 1 (all on the CPU)."""
        return (self.size - self.size_vram) / self.size if self.size else 0.0

    def stays(self, now: datetime | None = None) -> timedelta | None:
        """How long until it is unloaded; None when it stays, or the server does not tell."""
        if self.expires_at is None:
            return None
        left = self.expires_at - (now or clock.now())
        return None if left > FOREVER else max(left, timedelta())


class Tensor(msgspec.Struct, frozen=True):
    """One matrix of a model's weights."""

    name: str = ""
    type: str = ""
    shape: list[int] | None = None


class ModelCard(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of `POST /api/show`."""

    license: str | None = None
    modelfile: str = ""
    parameters: str = ""
    """One parameter a line: its name, spaces, its value; strings quoted as in Go."""
    template: str = ""
    system: str = ""
    details: Details = Details()
    model_info: dict[str, Any] | None = None
    projector_info: dict[str, Any] | None = None
    """The same of what turns pictures into tokens."""
    tensors: list[Tensor] | None = None
    messages: list[dict[str, Any]] | None = None
    """What every conversation with it begins with."""
    capabilities: list[str] | None = None
    modified_at: datetime | None = None
    requires: str = ""
    """The least version of Ollama that runs it."""
    renderer: str = ""
    """What of the server writes its prompts, where no template does."""
    parser: str = ""
    """What of the server reads its answers."""
    remote_host: str = ""
    """Where it really runs; empty for one that runs on the server."""
    remote_model: str = ""

    @property
    def architecture(self) -> str:
        """The family name that prefixes the keys of `model_info`."""
        return str((self.model_info or {}).get("general.architecture", ""))

    def number(self, key: str) -> int | None:
        """`<architecture>.<key>` of `model_info`, such as `context_length` in tokens."""
        value = (self.model_info or {}).get(f"{self.architecture}.{key}")
        return value if isinstance(value, int) else None

    def parameter_rows(self) -> list[tuple[str, str]]:
        """Names and values of `parameters`, in the server's order."""
        rows = (line.split(None, 1) for line in self.parameters.splitlines() if line.strip())
        return [(row[0], row[1].strip() if len(row) > 1 else "") for row in rows]
