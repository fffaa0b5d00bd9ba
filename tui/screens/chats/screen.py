"""The chats: as many conversations as are open, one of them shown."""

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.message import Message
from textual.widgets import TextArea

from tui.domain.language import _
from tui.domain.start import Start
from tui.screens.chats.asking import Asking
from tui.screens.chats.librarian import Librarian
from tui.screens.chats.moving import Moving
from tui.screens.chats.pane import ChatPane
from tui.screens.chats.sessions import Sessions
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


class ChatsScreen(Sessions, Turning, Tuning, Librarian, Moving, Asking):
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

    class ChatReady(Message):
        """The model that the user was waiting for is there."""

    def __init__(self, worker: Worker, signals: Signals, start: Start) -> None:
        super().__init__(worker, signals)
        self._start = start
        self._unasked = start.prompt
        """What the command line asks; it waits until there is a model."""
        self._keep_soon = Paced(self, self.desk.keep, _SETTLED)
        self._list_soon = Paced(self, self.list_sessions, _SETTLED)
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
        self.show_view()
        for word in self._start.switches:
            self.switch(word)
        for text in self.desk.reopen():
            self.notify(text, severity="error", timeout=10, markup=False)
        if self._start.session:
            self.open_session(self._start.session)
        if self._start.model:
            self.desk.begin(self._start.model)
        elif self._unasked and not self._start.session:
            self.desk.tabs.active = ""  # a chat of its own, once it is known who can answer
        self.show_active()

    def on_unmount(self) -> None:
        self.desk.keep()

    # --- tabs ---

    def open_session(self, id: str) -> None:
        super().open_session(id)
        self.compare_loading()

    def action_close_tab(self) -> None:
        """Close the tab; the conversation stays."""
        if self.desk.tabs.active:
            typing = self.pane.prompt.has_focus
            self.desk.close(self.desk.tabs.active)
            self.show_active()
            self._browse_on(typing)

    def action_tab(self, by: int) -> None:
        """Turn to the next tab or the one before."""
        typing = self.pane.prompt.has_focus
        self._turn_to(self.desk.tabs.neighbour(by))
        self._browse_on(typing)

    def _browse_on(self, typing: bool) -> None:
        """Whoever moves among the tabs by keys is not typing yet: a second key moves on."""
        if typing or self.has_class("-sessions"):
            return
        session, tabs = self.desk.session, self.desk.tabs.ids
        if session and (session.messages or len(tabs) > 1):
            self.pane.action_browse()

    @on(Strip.Chosen)
    def _choose_tab(self, event: Strip.Chosen) -> None:
        self._turn_to(event.key)

    def _turn_to(self, id: str) -> None:
        if id:
            self.desk.tabs.open(id)
            self.show_active()

    def show_active(self) -> None:
        session = self.desk.session
        if self._waits_for_model:
            session = self.desk.begin() if self.welcome.can_chat else None
        self._note_place()
        self.set_class(session is None, "-welcome")
        self.pane.show(session, self.desk.draft, self.desk.tabs.scrolled.get(self.desk.tabs.active))
        self.host = session.host if session else ""
        self.model = session.model if session else ""
        self._draw_tabs()
        self._keep_soon()
        self.focus_soon()
        if self._unasked and self.model:
            text, self._unasked = self._unasked, ""
            self.ask(text)

    @on(Transcript.Moved)
    def _note_place(self) -> None:
        """Whoever comes back to a conversation finds it where they left it."""
        if session := self.pane.session:
            self.desk.tabs.leave(session.id, self.pane.reading.transcript.reading)
            self._keep_soon()

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
        self.desk.tabs.draft(self.pane.draft)
        self._keep_soon()
