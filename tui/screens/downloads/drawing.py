"""What the downloads screen says of the queue."""

from collections.abc import Sequence

from textual.content import Content

from tui.domain.language import _
from tui.domain.pulls import Pull
from tui.domain.units import clock, percent, speed
from tui.screens.pull_totals import ALL, FAILED, GROUPS, Totals, in_group
from tui.widgets.lines import gauge, line, muted
from tui.widgets.pull_words import PullLine
from tui.widgets.tab_strip import Tab

_TITLES = {
    ALL: _("All"),
    "active": _("Active"),
    "waiting": _("Waiting"),
    FAILED: _("Failed"),
    "done": _("Done"),
}
_GAUGE = 12


def entries(pulls: Sequence[Pull], group: str, at_once: int, here: str) -> list[PullLine]:
    """The rows of a group; `here` is the host in use, which needs no mention."""
    waiting = (pull.id for pull in pulls if pull.state == "queued")
    places = {key: place for place, key in enumerate(waiting, 1)}
    return [
        PullLine(
            pull,
            place=places.get(pull.id, 0),
            at_once=at_once,
            elsewhere="" if pull.host == here else pull.host,
        )
        for pull in in_group(pulls, group)
    ]


def tabs(pulls: Sequence[Pull]) -> tuple[Tab, ...]:
    """The groups with their counts."""
    counts = {group.key: len(in_group(pulls, group.key)) for group in GROUPS}
    return tuple(
        Tab(key, title, str(counts[key]), "$error" if key == FAILED and counts[key] else "$muted")
        for key, title in _TITLES.items()
    )


def summary(sums: Totals, at_once: int) -> Content:
    """The right end of the strip: all that is on its way, as one download."""
    if not sums.running:
        return muted(_("{n} at once").format(n=at_once))
    left = sums.seconds_left
    rest = _("{time} left").format(time=clock(left)) if left is not None else ""
    return line(
        (f"{speed(sums.speed)}   ", "$muted") if sums.speed else "",
        (_("total "), "$muted"),
        gauge(sums.fraction, _GAUGE),
        ("   ".join(part for part in (f" {percent(sums.fraction)}", rest) if part), "$muted"),
    )
