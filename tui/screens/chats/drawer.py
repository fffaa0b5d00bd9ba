"""The list of all conversations, at the side of the chat."""

from collections.abc import Callable
from dataclasses import dataclass

from textual import on
from textual.binding import Binding
from textual.message import Message

from tui.api.errors import OllamaError
from tui.domain.fuzzy import ranked
from tui.domain.language import _
from tui.domain.session import Session, SessionTitle
from tui.screens.chats.tabs import OpenTabs
from tui.store.sessions import SessionDamaged
from tui.widgets.session_list import SessionList
from tui.widgets.session_rows import Mark, SessionRow
from tui.worker.conversations import ReadOnly
from tui.worker.worker import Worker


class Drawer(SessionList):
    """Finds, opens, renames, pins and deletes conversations."""

    BINDINGS = [
        Binding("slash", "search", _("search"), id="sessions.search"),
        Binding("n", "new", _("new"), id="sessions.new"),
        Binding("r", "rename", _("rename"), id="sessions.rename"),
        Binding("p", "pin", _("pin"), id="sessions.pin"),
        Binding("d", "delete", _("delete"), id="sessions.delete"),
        Binding("u", "restore", _("undo"), tooltip=_("undo the deletion"), id="sessions.restore"),
        Binding("escape,q", "close", _("close"), id="sessions.close"),
    ]

    class NewWanted(Message):
        """The user wants to begin a conversation."""

    class CloseWanted(Message):
        """The user wants to go back to the chat."""

    @dataclass
    class RenameWanted(Message):
        """The user wants another title for a conversation."""

        id: str
        title: str

    def __init__(self, worker: Worker, tabs: OpenTabs) -> None:
        super().__init__()
        self._worker = worker
        self._tabs = tabs
        self._deleted: list[str] = []

    def fill(self) -> None:
        """Show the conversations as they are now."""
        titles = self._worker.conversations.titles()
        wanted = [title for title, _match in ranked(self.query_text, titles, lambda t: t.title)]
        rows = [
            SessionRow(
                id=title.id,
                title=title.title,
                updated_at=title.updated_at,
                mark=self._mark(title),
                model=title.model,
                pinned=title.pinned,
            )
            for title in wanted
        ]
        self.show(rows, self.under_cursor or self._tabs.active, len(titles))

    def _mark(self, title: SessionTitle) -> Mark:
        if self._worker.replies.running(title.id):
            return "answering"
        if title.id in self._tabs.unseen:
            return "unseen"
        if self._tabs.drafts.get(title.id):
            return "draft"
        return "" if title.state == "complete" else "stopped"

    @on(SessionList.SearchWanted)
    def _find(self, event: SessionList.SearchWanted) -> None:
        event.stop()
        self.fill()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "restore":
            return bool(self._deleted)
        if action == "search":
            return not (self.is_mounted and self.line.has_focus)
        if action in ("rename", "pin", "delete"):
            return self.is_mounted and self.under_cursor is not None
        return True

    def action_new(self) -> None:
        """Begin a conversation."""
        self.post_message(self.NewWanted())

    def action_close(self) -> None:
        """Back to the chat."""
        self.post_message(self.CloseWanted())

    def action_rename(self) -> None:
        """Give the conversation another title."""
        for title in self._worker.conversations.titles():
            if title.id == self.under_cursor:
                self.post_message(self.RenameWanted(title.id, title.title))

    def action_pin(self) -> None:
        """Keep the conversation at the top, or let go of it."""
        if chosen := self.under_cursor:
            self.change(chosen, lambda session: setattr(session, "pinned", not session.pinned))

    def action_delete(self) -> None:
        """Put the conversation into the trash."""
        gone = self.under_cursor
        if gone is not None and self._attempt(lambda: self._worker.conversations.remove(gone)):
            self._deleted.append(gone)
            self.fill()
            self.notify(_("Deleted. u brings it back; the trash keeps it for 30 days."))
            self.refresh_bindings()

    def action_restore(self) -> None:
        """Bring back what was deleted last."""
        wanted = self._deleted.pop()
        self._attempt(lambda: self._worker.conversations.restore(wanted))
        self.fill()
        self.refresh_bindings()

    def change(self, id: str, change: Callable[[Session], None]) -> None:
        """Change a conversation that may be open in no tab."""
        self._attempt(lambda: self._worker.conversations.change(id, change))
        if id not in self._tabs.ids:
            self._worker.conversations.close(id)
        self.fill()

    def _attempt(self, act: Callable[[], object]) -> bool:
        try:
            act()
        except (OllamaError, OSError, ReadOnly, SessionDamaged) as error:
            self.notify(str(error), severity="error", markup=False)
            return False
        return True
