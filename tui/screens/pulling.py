"""Asking what to pull, from whichever screen."""

from collections.abc import Sequence

from textual import work

from tui.domain.language import many
from tui.domain.names import BadModelName
from tui.domain.pulls import Pull
from tui.screens.page import Page


class PullAsking(Page):
    """A page from which models can be pulled."""

    def action_pull(self) -> None:
        """Ask which models to pull."""
        self.ask_pull()

    @work(group="pull")
    async def ask_pull(self) -> None:
        """Ask which models to pull, and queue them."""
        from tui.screens.dialogs.pull import PullDialog

        host = self.worker.hosts.current
        names = await self.app.push_screen_wait(PullDialog(self.worker, host)) or []
        self.enqueue(names, host)

    def enqueue(self, names: Sequence[str], host: str | None = None) -> None:
        """Queue models by their names."""
        taken = []
        for name in names:
            try:
                taken.append(self.worker.pulls.add(name, host or self.worker.hosts.current))
            except BadModelName as error:
                self.notify(str(error), severity="error", markup=False)
        if taken:
            self.queued(taken)

    def queued(self, jobs: Sequence[Pull]) -> None:
        """Tell that jobs are in the queue now."""
        text = many("{name} is in the queue.", "{n} models are in the queue.", len(jobs))
        self.notify(text.format(name=jobs[0].name, n=len(jobs)), markup=False)
