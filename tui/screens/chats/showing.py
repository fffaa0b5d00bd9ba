"""What there is to read about a conversation and its model."""

from textual import work

from tui.api.errors import OllamaError
from tui.domain.language import _
from tui.screens.chats.asking import Part


class Showing(Part):
    """A page whose conversation's model can be looked into."""

    @work(group="show", exclusive=True)
    async def action_show(self, what: str = "") -> None:
        """Show the licence, the template and so on of the model."""
        from tui.domain.shows import SHOWN, shown
        from tui.screens.chats.subhelp import subhelp

        what, session = what.strip().lower(), self.desk.session
        if what not in SHOWN or session is None:
            self.read("/show", subhelp("show"))
            return
        try:
            card = await self.worker.models.show(session.host, session.model)
        except OllamaError as error:
            self.notify(str(error), severity="error", markup=False)
        else:
            title = f"{what} {session.model}"
            text = shown(what, card, session.options, session.system)
            self.read(title, text or self._untold(session.host))

    def _untold(self, host: str) -> str:
        """What to say of what a server does not tell."""
        status = self.worker.hosts.status(host)
        server = status.make or status.shown
        return _("{server} tells nothing of it.").format(server=server) if status.is_fixed else ""

    async def action_explain(self, what: str = "") -> None:
        """Show every key, or what one command does."""
        from tui.screens.chats.subhelp import subhelp

        if what in ("", "shortcuts", "keys"):
            await self.app.run_action("app.keys")
        elif text := subhelp(what):
            self.read(f"/? {what}", text)
        else:
            said = _("There is no command {name}. /? shows all there are.")
            self.notify(said.format(name=what), severity="warning", markup=False)

    def read(self, title: str, text: str) -> None:
        """Show a text on a page of its own."""
        from tui.screens.reader import ReaderPage

        page = ReaderPage(self.worker, self.signals, title, text)
        page.host, page.model = self.host, self.model
        self.app.push_screen(page)
