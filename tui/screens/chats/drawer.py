"""The list of all conversations, at the side of the chat."""

from collections.abc import Callable

from textual import work
from textual.binding import Binding
from textual.message import Message

from tui.api.errors import OllamaError
from tui.domain.language import _
from tui.domain.session import Session
from tui.screens.chats.finder import Finder
from tui.screens.chats.tabs import OpenTabs
from tui.store.sessions import SessionDamaged
from tui.worker.conversations import ReadOnly
from tui.worker.worker import Worker


class Drawer(Finder):
    """Finds, opens, renames, tags, pins, archives and deletes conversations."""

    BINDINGS = [
        Binding("slash", "search", _("search"), id="sessions.search"),
        Binding("n", "new", _("new"), id="sessions.new"),
        Binding("r", "rename", _("rename"), id="sessions.rename"),
        Binding("p", "pin", _("pin"), id="sessions.pin"),
        Binding("d", "delete", _("delete"), id="sessions.delete"),
        Binding("u", "restore", _("undo"), tooltip=_("undo the deletion"), id="sessions.restore"),
        Binding("escape,q", "close", _("close"), id="sessions.close"),
        Binding("a", "archive", _("archive"), id="sessions.archive"),
        Binding(
            "A", "archived", _("archived"), tooltip=_("show the archived"), id="sessions.archived"
        ),
        Binding("T", "tags", _("tags"), id="sessions.tags"),
        Binding("t", "name", _("title"), tooltip=_("a title by the model"), id="sessions.name"),
    ]

    class NewWanted(Message):
        """The user wants to begin a conversation."""

    class CloseWanted(Message):
        """The user wants to go back to the chat."""

    def __init__(self, worker: Worker, tabs: OpenTabs) -> None:
        super().__init__(worker, tabs)
        self._deleted: list[str] = []

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "restore":
            return bool(self._deleted)
        if action == "search":
            return not (self.is_mounted and self.line.has_focus)
        if action in ("rename", "pin", "archive", "tags", "name", "delete"):
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
        from tui.screens.dialogs.name import NameDialog

        if (title := self.title) is None:
            return

        def take(text: str | None) -> None:
            if text:
                self.change(title.id, lambda session: setattr(session, "title", text))

        self.app.push_screen(NameDialog(_("Title"), value=title.title), take)

    def action_pin(self) -> None:
        """Keep the conversation at the top, or let go of it."""
        if chosen := self.under_cursor:
            self.change(chosen, lambda session: setattr(session, "pinned", not session.pinned))

    def action_archive(self) -> None:
        """Put the conversation away, or take it out again."""
        if title := self.title:
            self.change(title.id, lambda session: setattr(session, "archived", not title.archived))
            if not title.archived and not self._with_archived:
                self.notify(_("Archived. A shows what is; a search finds it."))

    def action_archived(self) -> None:
        """Show the archived conversations too, or hide them."""
        self._with_archived = not self._with_archived
        self.fill()

    def action_tags(self) -> None:
        """Give the conversation tags, or take them."""
        from tui.screens.dialogs.name import NameDialog

        if (title := self.title) is None:
            return

        def take(text: str | None) -> None:
            if text is not None:
                tags = [*dict.fromkeys(tag.lstrip("#") for tag in text.split() if tag.strip("#"))]
                self.change(title.id, lambda session: setattr(session, "tags", tags))

        words = " ".join(title.tags)
        about = _("words, with spaces between")
        self.app.push_screen(NameDialog(_("Tags"), value=words, about=about, optional=True), take)

    @work(group="title")
    async def action_name(self) -> None:
        """Let the model find a title."""
        if (title := self.title) is None:
            return
        self.notify(_("{model} is asked for a title.").format(model=title.model), markup=False)
        try:
            await self._worker.titles.make(title.id)
        except (OllamaError, OSError, ReadOnly, SessionDamaged) as error:
            self.notify(str(error), severity="error", markup=False)
        if title.id not in self._tabs.ids:
            self._worker.conversations.close(title.id)
        self.fill()

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
