"""The list of all conversations, which can stand beside the one on top."""

from textual import getters, on
from textual.widget import Widget

from tui.screens.chats.carrying import Carrying
from tui.screens.chats.desk import NotOpened
from tui.screens.chats.drawer import Drawer
from tui.screens.chats.welcome import Welcome


class Sessions(Carrying):
    """A page that finds, opens and begins conversations."""

    drawer = getters.query_one(Drawer)
    welcome = getters.query_one(Welcome)

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
        if not self.has_class("-sessions"):
            if not self.query(Drawer):  # made when first asked for: most starts do without
                await self.pane.put_beside(Drawer(self.worker, self.desk.tabs))
            self.drawer.fill()
        self.toggle_class("-sessions")
        self.focus_soon()

    async def action_find(self, text: str = "") -> None:
        """Look for conversations by their titles and by what was said in them."""
        if not self.has_class("-sessions"):
            await self.toggle_sessions()
        if text:
            self.drawer.look_for(text)
        else:
            self.drawer.action_search()

    def list_sessions(self) -> None:
        """Fill the list anew, if it is open."""
        if self.has_class("-sessions"):
            self.drawer.fill()

    @on(Drawer.Chosen)
    def _choose_session(self, event: Drawer.Chosen) -> None:
        self.remove_class("-sessions")
        self.open_session(event.id)
        self.show_active()
        if event.message_id:
            self.go_to(event.message_id)

    @on(Drawer.CloseWanted)
    def _close_sessions(self) -> None:
        self.remove_class("-sessions")
        self.focus_soon()

    @on(Drawer.NewWanted)
    def _new_session(self) -> None:
        self.remove_class("-sessions")
        self.new_chat()
