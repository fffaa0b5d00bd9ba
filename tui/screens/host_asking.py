"""Asking for one more server, from whichever screen."""

from typing import TYPE_CHECKING

from tui.domain.hosts import HostAddress
from tui.domain.language import _
from tui.screens.page import Page

if TYPE_CHECKING:
    from tui.screens.dialogs.name import Remark


class HostAsking(Page):
    """A page from which servers can be added."""

    async def ask_address(self) -> str | None:
        """Ask where a server is."""
        from tui.screens.dialogs.name import NameDialog

        dialog = NameDialog(
            _("Add a host"), about=_("a name, host:port, URL or ssh://box"), judge=_judge
        )
        return await self.app.push_screen_wait(dialog)

    async def ask_host(self) -> None:
        """Ask for a server, configure it and use it; what it speaks is found out meanwhile."""
        from tui.worker.host_trial import learn_kind

        text = await self.ask_address()
        if not text:
            return
        try:
            name = self.worker.hosts.add(text)
            self.worker.hosts.use(name)
            await learn_kind(self.worker.hosts, name)
        except (ValueError, OSError) as error:
            self.notify(str(error), severity="error", markup=False)


def _judge(text: str) -> "Remark | None":
    from tui.screens.dialogs.name import Remark

    try:
        hint = HostAddress.parse(text).hint
    except ValueError as error:
        return Remark(str(error))
    return Remark(hint, refuses=False) if hint else None
