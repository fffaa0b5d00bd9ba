"""Commands of the prompt that are about the download queue."""

from collections.abc import Sequence

from tui.domain.language import _
from tui.domain.names import same_model
from tui.domain.pulls import ACTIVE, Pull, State
from tui.screens.downloads.screen import DownloadsScreen

_FOR: dict[str, tuple[State, ...]] = {
    "pause": (*ACTIVE, "queued"),
    "resume": ("paused",),
    "retry": ("failed",),
    "remove": (*ACTIVE, "queued", "paused", "failed", "done"),
}
_NONE = {
    "pause": _("Nothing runs or waits that could be paused."),
    "resume": _("Nothing is paused."),
    "retry": _("Nothing has failed."),
    "remove": _("Name what is to leave the queue: /cancel NAME."),
}


def act(page: DownloadsScreen, what: str, words: Sequence[str]) -> None:
    """Do it with the jobs that are named; without names, with all but for removing them."""
    pulls = page.worker.pulls
    jobs = [job for job in pulls.all() if job.state in _FOR[what] and _is_meant(job, what, words)]
    if not jobs:
        page.notify(_NONE[what], severity="warning", markup=False)
        return
    for job in jobs:
        getattr(pulls, what)(job.id)
    page.turn_to(jobs[0].id)


def _is_meant(job: Pull, what: str, words: Sequence[str]) -> bool:
    if not words:
        return what != "remove"
    return any(same_model(job.name, each) for each in words)
