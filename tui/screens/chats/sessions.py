"""The list of all conversations, which can stand beside the one on top."""

from typing import TYPE_CHECKING

from textual import getters
from textual.widget import Widget

from tui.screens.chats.carrying import Carrying
from tui.screens.chats.desk import NotOpened
from tui.screens.chats.welcome import Welcome

if TYPE_CHECKING:
    from tui.screens.chats.drawer import Drawer


class Sessions(Carrying):
    """A page that finds, opens and begins conversations."""

    welcome = getters.query_one(Welcome)
    _drawer: "Drawer | None" = None
    """Made when first asked for: most starts do without."""

    @property
    def drawer(self) -> "Drawer":
        """The list, once it was opened."""
        if self._drawer is None:
            from tui.screens.chats.drawer import Drawer

            self._drawer = Drawer(self.worker, self.desk.tabs)
        return self._drawer

    def new_chat(self, model: str = "") -> None:
        """Begin a conversation."""
        self.desk.begin(model)
        self.show_active()

    def open_session(self, id: str) -> None:
        """Put a conversation on top, or say why not."""
        try:
            self.desk.open(id)
        except NotOpened as error:
            self.notify(str(error), severity="error", timeout=10, markup=False)

    def focus_soon(self) -> None:
        """At once, so that no key goes astray; but what is not displayed yet cannot have it."""
        waits: Widget = self.welcome.page if self.has_class("-welcome") else self.pane.prompt
        if self.has_class("-sessions"):
            waits = self.drawer.list
        if all(node.display for node in waits.ancestors_with_self if isinstance(node, Widget)):
            waits.focus()
        else:
            self.call_after_refresh(waits.focus)

    async def toggle_sessions(self) -> None:
        """Open the list of all conversations, or close it."""
        if self.has_class("-sessions"):
            self.remove_class("-sessions")
        else:
            await self._show_sessions()
        self.focus_soon()

    async def _show_sessions(self) -> None:
        if not self.drawer.is_attached:
            await self.pane.put_beside(self.drawer)
        self.drawer.fill()
        self.add_class("-sessions")

    async def action_find(self, text: str = "") -> None:
        """Look for conversations by their titles and by what was said in them."""
        if not self.has_class("-sessions"):
            await self._show_sessions()
        self.drawer.look_for(text)

    def list_sessions(self) -> None:
        """Fill the list anew, if it is open."""
        if self.has_class("-sessions"):
            self.drawer.fill()

    def on_session_list_chosen(self, event: "Drawer.Chosen") -> None:
        """Go to what was found."""
        self.remove_class("-sessions")
        self.open_session(event.id)
        self.show_active()
        if event.message_id:
            self.go_to(event.message_id)

    def on_drawer_close_wanted(self) -> None:
        """Back to the conversation on top."""
        self.remove_class("-sessions")
        self.focus_soon()

    def on_drawer_new_wanted(self) -> None:
        """Begin a conversation where the list was."""
        self.remove_class("-sessions")
        self.new_chat()
