"""Doing something with a model or a download that is named in the prompt."""

from tui.screens.chats.asking import Part


class Librarian(Part):
    """A page whose commands lead to the models or the downloads and act there."""

    async def action_models(self, what: str, words: str = "") -> None:
        """Go to the models and do it: to those named, else to the model of this chat."""
        from tui.screens.models import ModelsScreen
        from tui.screens.models.commands import act

        await self.app.run_action("app.page('models')")
        page = self.app.screen
        if isinstance(page, ModelsScreen):
            act(page, what, words.split())

    async def action_queue(self, what: str, words: str = "") -> None:
        """Go to the downloads and do it: with those named, else with all."""
        from tui.screens.downloads import DownloadsScreen
        from tui.screens.downloads.commands import act

        await self.app.run_action("app.page('downloads')")
        page = self.app.screen
        if isinstance(page, DownloadsScreen):
            act(page, what, words.split())

    async def action_fleet(self) -> None:
        """Show which host has which model."""
        from tui.screens.hosts import HostsScreen

        await self.app.run_action("app.page('hosts')")
        if isinstance(page := self.app.screen, HostsScreen):
            page.action_fleet()
