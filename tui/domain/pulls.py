"""A model on its way to a server: what was reported, and what can honestly be shown of it."""

from datetime import datetime
from typing import Any, Literal

import msgspec

Kind = Literal["pull", "push", "create"]
State = Literal["queued", "downloading", "verifying", "paused", "failed", "done"]
ACTIVE: tuple[State, ...] = ("downloading", "verifying")
WAITING: tuple[State, ...] = ("queued", "paused")
ENDED: tuple[State, ...] = ("failed", "done")

_LOG_LINES = 50
_AT_THE_BEGINNING = ("pulling manifest", "retrieving manifest")
_AT_THE_END = ("verifying sha256", "writing", "removing", "pushing manifest", "success")


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """One line of `POST /api/pull`, `/api/push` or `/api/create`. Sizes in bytes."""

    status: str = ""
    digest: str = ""
    total: int = 0
    completed: int = 0


class Layer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A part of a model on its way. Sizes in bytes."""

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
    kind: Kind = "pull"
    name: str
    """The model's name as it is asked for."""
    request: dict[str, Any] = {}
    """What a model is created of: the body of `POST /api/create` without its name."""
    blobs: dict[str, str] = {}
    """Files that a create needs on the server first: paths on this machine by digest."""
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
    planned: tuple[Layer, ...] = ()
    """The layers of that manifest; those that the server had before are complete."""
    likely: int = 0
    """Bytes in all by the catalogue, where nobody better could be asked."""
    warning: str = ""
    """Why it may not come to a good end, found out before it began."""
    error: str = ""
    restarts: int = 0
    speed: float = 0.0
    """Bytes a second over the last 10 s."""
    check_speed: float = 0.0
    """Bytes a second at which the server checks digests: as measured last."""
    created_at: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    log: tuple[tuple[datetime, str], ...] = ()

    @property
    def parts(self) -> tuple[Layer, ...]:
        """All layers as far as known: those reported, and those only planned."""
        reported = {layer.digest: layer for layer in self.layers}
        if not reported.keys() <= {layer.digest for layer in self.planned}:
            return self.layers  # the server counts in other pieces than the manifest does
        return tuple(reported.get(layer.digest, layer) for layer in self.planned)

    @property
    def total(self) -> int:
        """Bytes in all, as far as known; it grows as layers are announced."""
        return max(self.expected, sum(layer.total for layer in self.parts))

    @property
    def completed(self) -> int:
        """Bytes that are there."""
        return self.total if self.state == "done" else sum(each.completed for each in self.parts)

    @property
    def present(self) -> int:
        """Bytes that the server had before, by the plan."""
        return sum(layer.completed for layer in self.planned)

    @property
    def fraction(self) -> float:
        """Between 0 and 1; 0 until a size is known."""
        return min(self.completed / self.total, 1.0) if self.total else 0.0

    @property
    def layer(self) -> tuple[int, Layer] | None:
        """The layer reported last, with its number from 1."""
        for number, layer in enumerate(self.parts, 1):
            if layer.digest == self.current:
                return number, layer
        return None

    @property
    def seconds_left(self) -> float | None:
        """At the present speed; None while that is not known."""
        return (self.total - self.completed) / self.speed if self.speed > 0 else None

    @property
    def seconds_to_check(self) -> float | None:
        """What checking the digests is going to take; None where nothing was measured."""
        fresh = self.total - self.present
        return fresh / self.check_speed if self.check_speed > 0 else None

    def after(self, progress: Progress) -> "Pull":
        """This job once `progress` has been heard.

        A layer's `completed` may fall on the server (a failed part is rolled back): that is
        shown as it is, because it is true. Its `total` never shrinks. The server takes one layer
        after the other and checks them when all are there, though their last reports stay below
        their sizes: those it has left behind are whole.
        """
        verifying = progress.status.startswith(_AT_THE_END)
        digest = _part(progress)
        layers = self.layers
        if verifying or (digest and self.current and digest != self.current):
            layers = _whole(layers, "" if verifying else self.current)
        begun = progress.status.startswith(_AT_THE_BEGINNING)
        return msgspec.structs.replace(
            self,
            state="verifying" if verifying else "downloading",
            status=progress.status,
            layers=_with(layers, digest, progress) if digest else layers,
            current=digest or ("" if begun else self.current),
        )

    def noted(self, moment: datetime, text: str) -> "Pull":
        """This job with one more line in its log."""
        return msgspec.structs.replace(self, log=(*self.log, (moment, text))[-_LOG_LINES:])


def _part(progress: Progress) -> str:
    """What a report counts: a layer, or a step of a create, whose digest is a dummy."""
    if not progress.total:
        return ""
    return progress.digest if progress.digest.startswith("sha256:") else progress.status


def _with(layers: tuple[Layer, ...], digest: str, progress: Progress) -> tuple[Layer, ...]:
    known = next((each for each in layers if each.digest == digest), None)
    total = max(progress.total, known.total if known else 0)
    layer = Layer(digest=digest, total=total, completed=progress.completed)
    if known is None:
        return (*layers, layer)
    return tuple(layer if each.digest == digest else each for each in layers)


def _whole(layers: tuple[Layer, ...], digest: str) -> tuple[Layer, ...]:
    """These layers with one of them, or all for "", complete."""
    return tuple(
        msgspec.structs.replace(each, completed=each.total) if digest in ("", each.digest) else each
        for each in layers
    )
