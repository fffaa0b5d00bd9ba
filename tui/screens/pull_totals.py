"""What all downloads together come to."""

from collections.abc import Sequence
from typing import NamedTuple

from tui.domain.pulls import ACTIVE, WAITING, Pull, State


class Group(NamedTuple):
    """A tab of the strip, and the states that it shows."""

    key: str
    states: tuple[State, ...]


ALL = "all"
FAILED = "failed"
GROUPS = (
    Group(ALL, ("downloading", "verifying", "queued", "paused", "failed", "done")),
    Group("active", ACTIVE),
    Group("waiting", WAITING),
    Group(FAILED, ("failed",)),
    Group("done", ("done",)),
)


class Totals(NamedTuple):
    """What is on its way, in bytes and seconds."""

    running: int
    completed: int
    total: int
    speed: float

    @property
    def fraction(self) -> float:
        """Between 0 and 1, in steps of a hundredth: more is not shown."""
        return int(100 * self.completed / self.total) / 100 if self.total else 0.0

    @property
    def seconds_left(self) -> float | None:
        """At the present speed; None while that is not known."""
        return (self.total - self.completed) / self.speed if self.speed > 0 else None


def totals(pulls: Sequence[Pull]) -> Totals:
    """Of those that run and those that will run after them."""
    coming = [pull for pull in pulls if pull.state in (*ACTIVE, "queued")]
    return Totals(
        running=sum(pull.state in ACTIVE for pull in coming),
        completed=sum(pull.completed for pull in coming),
        total=sum(pull.total or pull.likely for pull in coming),
        speed=sum(pull.speed for pull in coming),
    )


def in_group(pulls: Sequence[Pull], key: str) -> list[Pull]:
    """The downloads that a tab shows, in the order of the queue."""
    states = next(group.states for group in GROUPS if group.key == key)
    return [pull for pull in pulls if pull.state in states]
