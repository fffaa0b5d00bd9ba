"""What is known of a server at this moment."""

from datetime import datetime
from typing import Literal

import msgspec

from tui.domain.models import LocalModel, RunningModel


class HostStatus(msgspec.Struct, frozen=True, kw_only=True):
    """A host as the last look at it found it."""

    name: str
    """The configured name: `local` is OLLAMA_HOST, `embedded` the engine."""
    address: str = ""
    """For the user's eyes: no credentials."""
    is_local: bool = True
    """Whether it runs on this machine, as far as its address tells."""
    state: Literal["connecting", "up", "down"] = "connecting"
    version: str = ""
    latency: float = 0.0
    """Seconds of the last small answer."""
    models: tuple[LocalModel, ...] | None = None
    """None while not asked yet: unknown is not the same as none."""
    running: tuple[RunningModel, ...] = ()
    error: str = ""
    """Why it is down, in words for the user."""
    since: datetime | None = None
    """When it came into its present state."""
    next_try: datetime | None = None

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
