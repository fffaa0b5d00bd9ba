"""What is told when jobs of the queue end."""

from tui.domain.language import _, many
from tui.domain.pulls import Kind, Pull
from tui.worker.events import Events, Notice, Severity

_DONE: dict[Kind, str] = {
    "pull": _("{name} is here."),
    "push": _("{name} is in its registry."),
    "create": _("{name} is made."),
}


class Endings:
    """Tells of each job that ends, and of the last one so that it reaches the user anywhere."""

    def __init__(self, events: Events) -> None:
        self._events = events
        self._done = self._failed = 0

    def tell(self, job: Pull, *, is_last: bool) -> None:
        """A job has ended; after the last one nothing waits or runs."""
        done = job.state == "done"
        self._done += done
        self._failed += not done
        alone = is_last and self._done + self._failed == 1
        text = _DONE[job.kind].format(name=job.name) if done else f"{job.name}: {job.error}"
        severity: Severity = "information" if done else "error"
        self._events.tell(Notice(text, severity, calls=alone, of_queue=True))
        if is_last:
            if not alone:
                self._events.tell(self._together())
            self._done = self._failed = 0

    def _together(self) -> Notice:
        if not self._failed:
            text = many("{n} job is done.", "All {n} jobs are done.", self._done)
            return Notice(text.format(n=self._done), calls=True)
        text = _("Nothing is left in the queue: {done} done, {failed} failed.")
        return Notice(text.format(done=self._done, failed=self._failed), "warning", calls=True)
