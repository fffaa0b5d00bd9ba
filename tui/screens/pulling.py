"""Asking what to pull, from whichever screen."""

from textual import work

from tui.domain.language import many
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
        models = self.worker.hosts.status(host).models or ()
        dialog = PullDialog(host, {model.name for model in models})
        names = await self.app.push_screen_wait(dialog) or []
        for name in names:
            self.worker.pulls.add(name, host)
        if names:
            text = many("{name} is in the queue.", "{n} models are in the queue.", len(names))
            self.notify(text.format(name=names[0], n=len(names)), markup=False)
