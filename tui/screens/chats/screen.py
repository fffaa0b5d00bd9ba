"""The chats: as many conversations as are open, one of them shown."""

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.message import Message
from textual.widget import Widget
from textual.widgets import TextArea

from tui.domain.language import _
from tui.domain.start import Start
from tui.screens.chats.carrying import Carrying
from tui.screens.chats.desk import NotOpened
from tui.screens.chats.drawer import Drawer
from tui.screens.chats.librarian import Librarian
from tui.screens.chats.pane import ChatPane
from tui.screens.chats.tabs import tab_of
from tui.screens.chats.tuning import Tuning
from tui.screens.chats.turning import Turning
from tui.screens.chats.welcome import Welcome
from tui.screens.pacing import Paced
from tui.screens.signals import HostEvent, ReplyEvent, SessionEvent, Signals
from tui.widgets.lines import WIDE, muted
from tui.widgets.tab_strip import Strip
from tui.widgets.transcript import Transcript
from tui.worker.events import ReplyEnded, SessionRemoved
from tui.worker.worker import Worker

_SETTLED = 1.0
"""Seconds between two savings of what is typed, and two fillings of the list of sessions."""
_BESIDE = 78
"""Columns from which the list of sessions leaves the transcript enough to be read."""


class ChatsScreen(Carrying, Turning, Tuning, Librarian):
    """Tabs of conversations; the first page of the program while there is none."""

    TITLE = _("Chats")
    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = [(0, "-tight"), (_BESIDE, "-narrow"), (WIDE, "-wide")]
    BINDINGS = [
        Binding("less_than_sign", "tab(-1)", _("tab before"), show=False, id="chats.tab_before"),
        Binding("greater_than_sign", "tab(1)", _("next tab"), show=False, id="chats.tab_after"),
        Binding("x", "close_tab", _("close the tab"), show=False, id="chats.close_tab"),
    ]

    strip = getters.query_one(Strip)
    drawer = getters.query_one(Drawer)
    welcome = getters.query_one(Welcome)

    class ChatReady(Message):
        """The model that the user was waiting for is there."""

    def __init__(self, worker: Worker, signals: Signals, start: Start) -> None:
        super().__init__(worker, signals)
        self._start = start
        self._unasked = start.prompt
        """What the command line asks; it waits until there is a model."""
        self._keep_soon = Paced(self, self.desk.keep, _SETTLED)
        self._list_soon = Paced(self, self._list_sessions, _SETTLED)
        self._awaited = False
        """Whether the user asked for a model on the first page and went to see it come."""

    def compose_body(self) -> ComposeResult:
        yield Strip()
        yield ChatPane(
            self.worker,
            self.signals,
            Welcome(self.worker, self.signals),
        )

    def on_mount(self) -> None:
        self.signals.replies.subscribe(self, self._hear_reply)
        self.signals.sessions.subscribe(self, self._hear_session)
        self.signals.hosts.subscribe(self, self._hear_host)
        for text in self.desk.reopen():
            self.notify(text, severity="error", timeout=10, markup=False)
        if self._start.session:
            self._open(self._start.session)
        if self._start.model:
            self.desk.begin(self._start.model)
        elif self._unasked and not self._start.session:
            self.desk.tabs.active = ""  # a chat of its own, once it is known who can answer
        self.show_active()

    def on_unmount(self) -> None:
        self.desk.keep()

    # --- tabs ---

    def new_chat(self, model: str = "") -> None:
        """Begin a conversation."""
        self.desk.begin(model)
        self.show_active()

    def _open(self, id: str) -> None:
        try:
            self.desk.open(id)
        except NotOpened as error:
            self.notify(str(error), severity="error", timeout=10, markup=False)

    def action_close_tab(self) -> None:
        """Close the tab; the conversation stays."""
        if self.desk.tabs.active:
            self.desk.close(self.desk.tabs.active)
            self.show_active()

    def action_tab(self, by: int) -> None:
        """Turn to the next tab or the one before."""
        self._turn_to(self.desk.tabs.neighbour(by))

    @on(Strip.Chosen)
    def _choose_tab(self, event: Strip.Chosen) -> None:
        self._turn_to(event.key)

    def _turn_to(self, id: str) -> None:
        if id:
            self.desk.tabs.open(id)
            self.show_active()

    def show_active(self) -> None:
        session = self.desk.session
        if self._waits_for_model and self.welcome.can_chat:
            session = self.desk.begin()
        self._note_place()
        self.set_class(session is None, "-welcome")
        self.pane.show(session, self.desk.draft, self.desk.tabs.scrolled.get(self.desk.tabs.active))
        self.model = session.model if session else ""
        self._draw_tabs()
        self._keep_soon()
        self._focus_soon()
        if self._unasked and self.model:
            text, self._unasked = self._unasked, ""
            self.ask(text)

    @on(Transcript.Moved)
    def _note_place(self) -> None:
        """Whoever comes back to a conversation finds it where they left it."""
        if session := self.pane.session:
            self.desk.tabs.leave(session.id, self.pane.reading.transcript.reading)
            self._keep_soon()

    def _focus_soon(self) -> None:
        """At once, so that no key goes astray; but what is not displayed yet cannot have it."""
        waits: Widget = self.welcome.page if self.has_class("-welcome") else self.pane.prompt
        if self.has_class("-sessions"):
            waits = self.drawer.list
        if all(node.display for node in waits.ancestors_with_self if isinstance(node, Widget)):
            waits.focus()
        else:
            self.call_after_refresh(waits.focus)

    def _draw_tabs(self) -> None:
        tabs = self.desk.tabs
        self.strip.tabs = tuple(
            tab_of(
                self.worker.conversations.open(each),
                running=self.worker.replies.running(each) is not None,
                unseen=each in tabs.unseen,
                draft=each != tabs.active and each in tabs.drafts,
            )
            for each in tabs.ids
        )
        self.strip.active = tabs.active
        self.strip.right = muted("< > " + _("tabs")) if len(tabs.ids) > 1 else muted("")

    # --- hearing ---

    def _hear_reply(self, event: ReplyEvent) -> None:
        tabs = self.desk.tabs
        if isinstance(event, ReplyEnded) and event.session_id != tabs.active:
            tabs.unseen |= {event.session_id} & {*tabs.ids}
        self._draw_tabs()
        self._list_soon()

    def _hear_session(self, event: SessionEvent) -> None:
        if isinstance(event, SessionRemoved):
            self.desk.tabs.close(event.session_id)
            self.show_active()
        else:
            self._draw_tabs()
        self._list_soon()

    @property
    def _waits_for_model(self) -> bool:
        session = self.desk.session
        return session is None or not (session.model or session.messages)

    def _hear_host(self, _event: HostEvent) -> None:
        if self._waits_for_model and self.welcome.can_chat:
            self.show_active()
            if self._awaited:
                self._awaited = False
                self.post_message(self.ChatReady())

    @on(Welcome.PullWanted)
    def _await(self, event: Welcome.PullWanted) -> None:
        self._awaited = bool(event.name)

    @on(TextArea.Changed)
    def _typed(self) -> None:
        self.desk.tabs.draft(self.pane.prompt.draft)
        self._keep_soon()

    # --- the list of sessions ---

    async def toggle_sessions(self) -> None:
        """Open the list of all conversations, or close it."""
        if not self.has_class("-sessions"):
            if not self.query(Drawer):  # made when first asked for: most starts do without
                await self.pane.put_beside(Drawer(self.worker, self.desk.tabs))
            self.drawer.fill()
        self.toggle_class("-sessions")
        self._focus_soon()

    async def action_find(self, text: str = "") -> None:
        """Look for conversations by their titles and by what was said in them."""
        if not self.has_class("-sessions"):
            await self.toggle_sessions()
        self.drawer.look_for(text)

    def _list_sessions(self) -> None:
        if self.has_class("-sessions"):
            self.drawer.fill()

    @on(Drawer.Chosen)
    def _choose_session(self, event: Drawer.Chosen) -> None:
        self.remove_class("-sessions")
        self._open(event.id)
        self.show_active()
        if event.message_id:
            self.go_to(event.message_id)

    @on(Drawer.CloseWanted)
    def _close_sessions(self) -> None:
        self.remove_class("-sessions")
        self._focus_soon()

    @on(Drawer.NewWanted)
    def _new_session(self) -> None:
        self.remove_class("-sessions")
        self.new_chat()
