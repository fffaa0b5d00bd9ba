"""A model on its way to a server: what was reported, and what can honestly be shown of it."""

from datetime import datetime
from typing import Literal

import msgspec

State = Literal["queued", "downloading", "verifying", "paused", "failed", "done"]
ACTIVE: tuple[State, ...] = ("downloading", "verifying")
ENDED: tuple[State, ...] = ("failed", "done")

_LOG_LINES = 50


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """One line of `POST /api/pull`, `/api/push` or `/api/create`. Sizes in bytes."""

    status: str = ""
    digest: str = ""
    total: int = 0
    completed: int = 0


class Layer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A part of a model being downloaded. Sizes in bytes."""

    digest: str
    total: int = 0
    completed: int = 0

    @property
    def fraction(self) -> float:
        """Between 0 and 1."""
        return min(self.completed / self.total, 1.0) if self.total else 0.0


class Pull(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A job of the download queue."""

    id: str
    name: str
    """The model's name as it is asked for."""
    host: str = "local"
    """The configured name of the host that downloads it."""
    place: int = 0
    """Its place in the queue: lower runs first."""
    state: State = "queued"
    status: str = ""
    """What the server said last."""
    layers: tuple[Layer, ...] = ()
    current: str = ""
    """The digest of the layer reported last."""
    expected: int = 0
    """Bytes in all by the registry's manifest, where that could be asked; else 0."""
    error: str = ""
    restarts: int = 0
    speed: float = 0.0
    """Bytes a second over the last 10 s."""
    created_at: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    log: tuple[tuple[datetime, str], ...] = ()

    @property
    def total(self) -> int:
        """Bytes in all, as far as known; it grows as layers are announced."""
        return max(self.expected, sum(layer.total for layer in self.layers))

    @property
    def completed(self) -> int:
        """Bytes that are there."""
        return self.total if self.state == "done" else sum(each.completed for each in self.layers)

    @property
    def fraction(self) -> float:
        """Between 0 and 1; 0 until a size is known."""
        return min(self.completed / self.total, 1.0) if self.total else 0.0

    @property
    def layer(self) -> tuple[int, Layer] | None:
        """The layer reported last, with its number from 1."""
        for number, layer in enumerate(self.layers, 1):
            if layer.digest == self.current:
                return number, layer
        return None

    @property
    def seconds_left(self) -> float | None:
        """At the present speed; None while that is not known."""
        return (self.total - self.completed) / self.speed if self.speed > 0 else None

    def after(self, progress: Progress) -> "Pull":
        """This pull once `progress` has been heard.

        A layer's `completed` may fall on the server (a failed part is rolled back): that is
        shown as it is, because it is true. Its `total` never shrinks.
        """
        layers = self.layers
        if progress.digest and progress.total:
            known = next((each for each in layers if each.digest == progress.digest), None)
            layer = Layer(
                digest=progress.digest,
                total=max(progress.total, known.total if known else 0),
                completed=progress.completed,
            )
            layers = (
                tuple(layer if each.digest == layer.digest else each for each in layers)
                if known
                else (*layers, layer)
            )
        verifying = progress.status.startswith(("verifying", "writing", "removing", "success"))
        return msgspec.structs.replace(
            self,
            state="verifying" if verifying else "downloading",
            status=progress.status,
            layers=layers,
            current=progress.digest or self.current,
        )

    def noted(self, moment: datetime, text: str) -> "Pull":
        """This pull with one more line in its log."""
        return msgspec.structs.replace(self, log=(*self.log, (moment, text))[-_LOG_LINES:])
