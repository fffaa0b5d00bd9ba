"""Asking what to pull, from whichever screen."""

from collections.abc import Sequence

from textual import work

from tui.api.base import not_served
from tui.domain.language import _, many
from tui.domain.models import LocalModel
from tui.domain.names import BadModelName
from tui.domain.pulls import Pull
from tui.screens.page import Page

_LONG = 12.0
"""Seconds that a long text stays readable."""


class PullAsking(Page):
    """A page from which models can be pulled."""

    def action_pull(self) -> None:
        """Ask which models to pull."""
        self.ask_pull()

    def keeps_models(self, host: str) -> bool:
        """Whether a host has models of its own to tend; where it has not, that is told."""
        status = self.worker.hosts.status(host)
        if status.is_fixed:
            text = str(not_served(status.shown))
            self.notify(text, severity="warning", timeout=_LONG, markup=False)
        return not status.is_fixed

    @work(group="pull")
    async def ask_pull(self) -> None:
        """Ask which models to pull, and queue them."""
        from tui.screens.dialogs.pull import PullDialog

        host = self.worker.hosts.current
        if not self.keeps_models(host):
            return
        if wanted := await self.app.push_screen_wait(PullDialog(self.worker, host)):
            self.enqueue(wanted.names, *wanted.hosts)

    @work(group="pull")
    async def ask_hosts(
        self, models: Sequence[LocalModel], marked: Sequence[str] | None = None
    ) -> None:
        """Ask which hosts to pull models to, and queue them; `marked` are meant already."""
        from tui.screens.dialogs.pull_hosts import PullHostsDialog

        dialog = PullHostsDialog(self.worker, models, marked)
        if hosts := await self.app.push_screen_wait(dialog):
            self.enqueue([model.name for model in models], *hosts)

    def enqueue(self, names: Sequence[str], *hosts: str) -> None:
        """Queue models by their names, a job for each host; without hosts, on the one in use."""
        taken, pulls = list[Pull](), self.worker.pulls
        wanted = [each for each in hosts or (self.worker.hosts.current,) if self.keeps_models(each)]
        for name in names:
            try:
                taken += [pulls.add(name, host) for host in wanted]
            except BadModelName as error:
                self.notify(str(error), severity="error", markup=False)
        if taken:
            self.queued(taken)

    def queued(self, jobs: Sequence[Pull]) -> None:
        """Tell that jobs are in the queue now."""
        hosts = list(dict.fromkeys(job.host for job in jobs))
        shown = ", ".join(self.worker.hosts.status(host).shown for host in hosts)
        if len(hosts) > 1:
            text = _("{n} downloads are in the queue, to {hosts}.")
        else:
            text = many("{name} is in the queue.", "{n} models are in the queue.", len(jobs))
        said = text.format(name=jobs[0].name, n=len(jobs), hosts=shown)
        self.notify(said, markup=False)
