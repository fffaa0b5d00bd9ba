"""Doing something with a model of the library, named in the prompt."""

from tui.screens.page import Page


class Librarian(Page):
    """A page whose commands lead to the models and act there."""

    async def action_models(self, what: str, words: str = "") -> None:
        """Go to the models and do it: to those named, else to the model of this chat."""
        from tui.screens.models import ModelsScreen
        from tui.screens.models.commands import act

        await self.app.run_action("app.page('models')")
        page = self.app.screen
        if isinstance(page, ModelsScreen):
            act(page, what, words.split())
