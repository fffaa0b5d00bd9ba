"""What is known of a server at this moment."""

from datetime import datetime
from typing import Literal

import msgspec

from tui.domain.hosts import HostKind
from tui.domain.models import LocalModel, RunningModel

LOCAL = "local"
"""The name of the host that OLLAMA_HOST or --host says, wherever that is."""
EMBEDDED = "embedded"
"""The name of the engine that this program brings."""


TunnelState = Literal["", "opening", "up", "down"]
"""How the tunnel to a host is; empty where it needs none."""


class Gpu(msgspec.Struct, frozen=True, kw_only=True):
    """A GPU of this machine."""

    name: str
    total: int = 0
    """Bytes of its memory; 0 where it does not tell."""
    used: int = 0
    load: float | None = None
    """Between 0 and 1; None where it does not tell."""
    degrees: int | None = None
    """Celsius; None where it does not tell."""


class HostStatus(msgspec.Struct, frozen=True, kw_only=True):
    """A host as the last look at it found it."""

    name: str
    """The configured name: `local` is OLLAMA_HOST, `embedded` the engine."""
    title: str = ""
    """What the user calls it, where that is not its name: OLLAMA_HOST may be another machine."""
    address: str = ""
    """For the user's eyes: no credentials."""
    is_local: bool = True
    """Whether it runs on this machine, as far as its address tells."""
    kind: HostKind = "ollama"
    """What it speaks."""
    takes: frozenset[str] | None = None
    """The options of a conversation that it takes; None for all there are."""
    tells_loaded: bool = True
    """Whether it tells which models are in memory; what only passes questions on does not."""
    unverified: bool = False
    """Whether anybody could be answering in its place: its certificate is not checked."""
    state: Literal["connecting", "up", "down"] = "connecting"
    version: str = ""
    latency: float = 0.0
    """Seconds of the last small answer."""
    models: tuple[LocalModel, ...] | None = None
    """None while not asked yet: unknown is not the same as none."""
    running: tuple[RunningModel, ...] = ()
    gpus: tuple[Gpu, ...] = ()
    """Those of this machine, if it runs here and they can be asked."""
    error: str = ""
    """Why it is down, in words for the user."""
    since: datetime | None = None
    """When it came into its present state."""
    next_try: datetime | None = None
    tunnel: TunnelState = ""
    tunnel_since: datetime | None = None
    """When the tunnel came into its present state."""

    @property
    def shown(self) -> str:
        """What the screen calls it."""
        return self.title or self.name

    @property
    def make(self) -> str:
        """Whose server it is, such as vLLM; empty for Ollama's own."""
        if self.kind == "ollama":
            return ""
        name, _space, number = self.version.rpartition(" ")
        return name if any(map(str.isdigit, number)) else self.version

    @property
    def number(self) -> str:
        """Its version without the make; empty where that is not told."""
        return self.version.removeprefix(self.make).strip()

    @property
    def is_fixed(self) -> bool:
        """Whether its models are chosen where it is started: none can be pulled or deleted."""
        return self.kind == "openai"

    @property
    def vram(self) -> int:
        """Bytes of GPU memory that loaded models take."""
        return sum(model.size_vram for model in self.running)


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """One place that was looked at for a server."""

    what: str
    result: str
    """In a word or two: refused, not set, found."""
    why: str = ""
    outcome: Literal["good", "bad", "neither"] = "neither"
    """Whether something can be made of it, or it was asked and failed."""
    kind: HostKind | None = None
    """What it was found to speak, where that is known."""
