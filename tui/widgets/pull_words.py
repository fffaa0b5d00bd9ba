"""What is said of a job of the queue: short texts for its columns."""

import msgspec

from tui.domain.language import _, many
from tui.domain.pulls import Kind, Pull, State
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
_MOVING: dict[Kind, str] = {
    "pull": WORDS["downloading"],
    "push": _("uploading"),
    "create": _("making"),
}
_MARKS: dict[Kind, str] = {"pull": g.active, "push": g.upload, "create": g.verify}
_ENDING: dict[Kind, str] = {
    "pull": WORDS["verifying"],
    "push": _("finishing"),
    "create": _("finishing"),
}
_PHASES = (
    ("pulling manifest", _("asking the registry")),
    ("retrieving manifest", _("reading the model")),
    ("pushing manifest", _("sending the manifest")),
    ("writing manifest", _("writing the manifest")),
    ("removing", _("removing what nobody needs any more")),
    ("success", _("done")),
)
"""What the server says first, and what that means."""


class PullLine(msgspec.Struct, frozen=True):
    """What the rows of one download say."""

    pull: Pull
    place: int = 0
    """Its place among those that wait, from 1."""
    at_once: int = 2
    elsewhere: str = ""
    """The host it goes to, where that is not the one in use."""


def look(pull: Pull) -> tuple[str, str]:
    """The mark of what a job does, and its colour."""
    glyph, style = LOOK[pull.state]
    return (_MARKS[pull.kind] if pull.state == "downloading" else glyph), style


def word(pull: Pull) -> str:
    """What a job does, in a word."""
    if pull.state == "downloading":
        return _MOVING[pull.kind]
    return _ENDING[pull.kind] if pull.state == "verifying" else WORDS[pull.state]


def share(pull: Pull) -> str:
    """How far it is, once it has begun."""
    return percent(pull.fraction) if pull.state != "verifying" and 0 < pull.fraction < 1 else ""


def amount(pull: Pull) -> str:
    """What is there of what there will be."""
    if not pull.total:
        return f"~{size(pull.likely)}" if pull.likely else ""
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
    pull = entry.pull
    text = _checking(pull) if pull.status.startswith("verifying sha256") else _step(pull)
    restarts = many("{n} restart", "{n} restarts", pull.restarts).format(n=pull.restarts)
    return _joined(text, restarts if pull.restarts else "", _elsewhere(entry))


def _checking(pull: Pull) -> str:
    amount, seconds = size(pull.total - pull.present), pull.seconds_to_check
    if seconds is None:
        return _("checking the SHA-256 of {size}").format(size=amount)
    text = _("checking the SHA-256 of {size}, about {time}")
    return text.format(size=amount, time=clock(max(seconds, 1)))


def _step(pull: Pull) -> str:
    for status, text in _PHASES:
        if pull.status.startswith(status):
            return text
    if pull.kind == "create" or pull.layer is None:
        return one_line(pull.status) or _("asking the server")
    number, layer = pull.layer
    if pull.planned:
        text = _("layer {number} of {count}, {size}")
        return text.format(number=number, count=len(pull.parts), size=size(layer.total))
    return _("layer {number}, {size}").format(number=number, size=size(layer.total))


def _elsewhere(entry: PullLine) -> str:
    return _("to {host}").format(host=entry.elsewhere) if entry.elsewhere else ""


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)
