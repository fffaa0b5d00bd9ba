"""What can be done with the list of servers: add, change, put in order, remove."""

from collections.abc import Callable

from textual import work
from textual.notifications import SeverityLevel

from tui.domain.host_drafts import HostDraft
from tui.domain.hosts import HostAddress
from tui.domain.language import _
from tui.domain.status import EMBEDDED, LOCAL
from tui.screens.host_asking import HostAsking


class HostTending(HostAsking):
    """A page whose hosts can be changed; a subclass says which one is meant, and lists them."""

    @property
    def chosen(self) -> tuple[str, str]:
        """The host under the cursor, and the model if the cursor is on one."""
        raise NotImplementedError  # the page has the list

    def relist(self, cursor_key: str | None = None) -> None:
        """Show all hosts as they are now."""
        raise NotImplementedError  # the page has the list

    @work(group="hosts", exclusive=True)
    async def action_add(self) -> None:
        """Ask for one more server: where it is, then all else, with what a test says."""
        text = await self.ask_address()
        if not text:
            return
        if known := self.worker.hosts.at(HostAddress.parse(text)):
            self.notify(_("That is {name}.").format(name=known), markup=False)
            self.relist(known)
            return
        name = self.worker.hosts.free_name(HostAddress.parse(text))
        await self._edit(HostDraft(name).changed("url", text), self.worker.hosts.is_taken)

    @work(group="hosts", exclusive=True)
    async def action_edit(self) -> None:
        """Change what the server under the cursor is reached by."""
        await self._edit(self.worker.hosts.configured.draft(self.chosen[0]), None)

    async def _edit(self, draft: HostDraft, taken: Callable[[str], bool] | None) -> None:
        from tui.screens.dialogs.host import HostDialog

        dialog = HostDialog(draft, self.worker.hosts.test, taken)
        wanted = await self.app.push_screen_wait(dialog)
        if wanted and self._written(lambda: self.worker.hosts.put(wanted)):
            self.relist(wanted.name)

    @work(group="test")
    async def action_test(self) -> None:
        """Ask the server under the cursor, as somebody new would, and tell what it says."""
        name = self.chosen[0]
        found = await self.worker.hosts.test(self.worker.hosts.configured.draft(name))
        severity: SeverityLevel = "information" if found.outcome == "good" else "error"
        text = f"{name} {found.result}: {found.why}"
        if found.kind and found.kind != self.worker.hosts.status(name).kind:
            severity = "warning"
            text += " " + _("It speaks OpenAI's API: e, and there t, sets it to that.")
        self.notify(text, severity=severity, markup=False)

    @work(group="hosts", exclusive=True)
    async def action_remove(self) -> None:
        """Forget the server under the cursor, after a question."""
        from tui.screens.dialogs.confirm import ConfirmDialog

        name = self.chosen[0]
        text = _("Conversations with it stay; they can go on with another host.")
        dialog = ConfirmDialog(_("Remove {name}?").format(name=name), text, yes=_("remove"))
        if await self.app.push_screen_wait(dialog):
            self._written(lambda: self.worker.hosts.remove(name))
            self.relist()

    def action_move(self, by: int) -> None:
        """Put the server under the cursor before another, or behind it."""
        names, name = self.worker.hosts.names(), self.chosen[0]
        place = names.index(name)
        if 0 <= place + by < len(names):
            names.insert(place + by, names.pop(place))
            if self._written(lambda: self.worker.hosts.configured.put_in_order(names)):
                self.relist(name)

    def action_begin_with(self) -> None:
        """Use the server under the cursor at start, or the one used last again."""
        configured, name = self.worker.hosts.configured, self.chosen[0]
        chosen = "" if configured.default == name else name
        if self._written(lambda: configured.make_default(chosen)):
            said = (
                _("The next start begins with {name}.")
                if chosen
                else _("The next start begins with the host used last.")
            )
            self.notify(said.format(name=name), markup=False)
            self.relist()

    def _written(self, write: Callable[[], None]) -> bool:
        """Whether the files could be changed; what kept them from it is told."""
        try:
            write()
        except (ValueError, OSError) as error:
            self.notify(str(error), severity="error", markup=False)
            return False
        return True


def is_removable(name: str) -> bool:
    """Whether a host is one that was configured."""
    return name not in (LOCAL, EMBEDDED)
