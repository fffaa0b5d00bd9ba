"""What is said of a download: short texts for its columns."""

import msgspec

from tui.domain.language import _, many
from tui.domain.pulls import Pull, State
from tui.domain.units import clock, percent, progress, size
from tui.widgets.glyphs import g
from tui.widgets.plain import one_line

LOOK: dict[State, tuple[str, str]] = {
    "downloading": (g.active, "$accent"),
    "verifying": (g.verify, "$accent"),
    "queued": (g.queued, "$muted"),
    "paused": (g.paused, "$muted"),
    "failed": (g.failed, "$error"),
    "done": (g.done, "$success"),
}
WORDS: dict[State, str] = {
    "downloading": _("downloading"),
    "verifying": _("verifying"),
    "queued": _("queued"),
    "paused": _("paused"),
    "failed": _("failed"),
    "done": _("done"),
}


class PullLine(msgspec.Struct, frozen=True):
    """What the rows of one download say."""

    pull: Pull
    place: int = 0
    """Its place among those that wait, from 1."""
    at_once: int = 2
    elsewhere: str = ""
    """The host it goes to, where that is not the one in use."""


def share(pull: Pull) -> str:
    """How far it is, once it has begun."""
    return percent(pull.fraction) if pull.state != "verifying" and 0 < pull.fraction < 1 else ""


def amount(pull: Pull) -> str:
    """What is there of what there will be."""
    if not pull.total:
        return ""
    whole = pull.state in ("verifying", "done") or not pull.completed
    return size(pull.total) if whole else progress(pull.completed, pull.total)


def left(pull: Pull) -> str:
    """The time it still takes, at the present speed."""
    seconds = pull.seconds_left if pull.state == "downloading" else None
    return clock(seconds) if seconds is not None else ""


def aside(entry: PullLine) -> str:
    """What stands in the place of a bar."""
    pull = entry.pull
    if pull.state == "queued":
        return _joined(_in_line(entry), _elsewhere(entry))
    if pull.state != "done" or pull.ended_at is None:
        return ""
    when = f"{pull.ended_at.astimezone():%H:%M}"
    if pull.started_at is None:
        return when
    took = clock((pull.ended_at - pull.started_at).total_seconds())
    return _joined(when, _("took {time}").format(time=took), _elsewhere(entry))


def _in_line(entry: PullLine) -> str:
    first = {1: _("1st in line"), 2: _("2nd in line"), 3: _("3rd in line")}
    place = first.get(entry.place) or _("{place}th in line").format(place=entry.place)
    runs = many("{n} runs at once", "{n} run at once", entry.at_once).format(n=entry.at_once)
    return f"{place}; {runs}"


def doing(entry: PullLine) -> str:
    """What happens right now."""
    pull, current = entry.pull, entry.pull.layer
    if pull.state == "verifying":
        text = _("checking the SHA-256 of {size}").format(size=size(pull.total))
    elif current:
        number, layer = current
        text = _("layer {number}, {size}").format(number=number, size=size(layer.total))
    else:
        text = one_line(pull.status) or _("asking the registry")
    restarts = many("{n} restart", "{n} restarts", pull.restarts).format(n=pull.restarts)
    return _joined(text, restarts if pull.restarts else "", _elsewhere(entry))


def _elsewhere(entry: PullLine) -> str:
    return _("to {host}").format(host=entry.elsewhere) if entry.elsewhere else ""


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)
