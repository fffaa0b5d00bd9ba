"""The chats: as many conversations as are open, one of them shown."""

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.widgets import TextArea

from tui.api.errors import OllamaError
from tui.domain.language import _
from tui.domain.session import Message
from tui.domain.start import Start
from tui.screens.chats.desk import Desk, NotOpened
from tui.screens.chats.drawer import Drawer
from tui.screens.chats.pane import ChatPane
from tui.screens.chats.slash import command_of
from tui.screens.chats.tabs import tab_of
from tui.screens.chats.welcome import Welcome
from tui.screens.pacing import Paced
from tui.screens.page import Page
from tui.screens.signals import HostEvent, ReplyEvent, SessionEvent, Signals
from tui.widgets.tab_strip import Strip
from tui.worker.conversations import ReadOnly
from tui.worker.events import ReplyEnded, SessionRemoved
from tui.worker.worker import Worker

_SETTLED = 1.0
"""Seconds between two savings of what is typed."""


class NoModel(OllamaError):
    """A question that nobody is there to answer."""


class ChatsScreen(Page):
    """Tabs of conversations; the first page of the program while there is none."""

    TITLE = _("Chats")
    AUTO_FOCUS = ""
    BINDINGS = [
        Binding("less_than_sign", "tab(-1)", _("tab before"), show=False, id="chats.tab_before"),
        Binding("greater_than_sign", "tab(1)", _("next tab"), show=False, id="chats.tab_after"),
        Binding("x", "close_tab", _("close the tab"), show=False, id="chats.close_tab"),
    ]

    strip = getters.query_one(Strip)
    pane = getters.query_one(ChatPane)
    drawer = getters.query_one(Drawer)
    welcome = getters.query_one(Welcome)

    def __init__(self, worker: Worker, signals: Signals, start: Start) -> None:
        super().__init__(worker, signals)
        self._start = start
        self._desk = Desk(worker)
        self._keep_soon = Paced(self, self._desk.keep, _SETTLED)

    def compose_body(self) -> ComposeResult:
        yield Strip()
        yield ChatPane(
            self.worker,
            self.signals,
            Drawer(self.worker, self.signals),
            Welcome(self.worker, self.signals),
        )

    def on_mount(self) -> None:
        self.signals.replies.subscribe(self, self._hear_reply)
        self.signals.sessions.subscribe(self, self._hear_session)
        self.signals.hosts.subscribe(self, self._hear_host)
        for text in self._desk.reopen():
            self.notify(text, severity="error", timeout=10, markup=False)
        self._begin()

    def _begin(self) -> None:
        """What the command line asks for, else what was open."""
        if self._start.session:
            self._open(self._start.session)
        if self._start.model:
            self._desk.begin(self._start.model)
        self.show_active()
        if self._start.prompt and self._desk.session:
            self._ask(self._start.prompt)

    # --- tabs ---

    def new_chat(self, model: str = "") -> None:
        """Begin a conversation."""
        self._desk.begin(model)
        self.show_active()

    def open_session(self, id: str) -> None:
        """Show a conversation in a tab."""
        self._open(id)
        self.show_active()

    def _open(self, id: str) -> None:
        try:
            self._desk.open(id)
        except NotOpened as error:
            self.notify(str(error), severity="error", timeout=10, markup=False)

    def action_close_tab(self) -> None:
        """Close the tab; the conversation stays."""
        if self._desk.tabs.active:
            self._desk.close(self._desk.tabs.active)
            self.show_active()

    def action_tab(self, by: int) -> None:
        """Turn to the next tab or the one before."""
        self._turn_to(self._desk.tabs.neighbour(by))

    @on(Strip.Chosen)
    def _choose_tab(self, event: Strip.Chosen) -> None:
        self._turn_to(event.key)

    def _turn_to(self, id: str) -> None:
        if id:
            self._desk.tabs.open(id)
            self.show_active()

    def show_active(self) -> None:
        """Show the conversation on top, or the first page where none is open."""
        session = self._desk.session
        if session is None and self.welcome.can_chat:
            session = self._desk.begin()
        self.set_class(session is None, "-welcome")
        self.pane.show(session, self._desk.draft)
        self.model = session.model if session else ""
        if session is None:
            self.welcome.focus()
        else:
            self.pane.prompt.focus()
        self._draw_tabs()
        self._keep_soon()

    def _draw_tabs(self) -> None:
        tabs = self._desk.tabs
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

    # --- hearing ---

    def _hear_reply(self, event: ReplyEvent) -> None:
        tabs = self._desk.tabs
        if isinstance(event, ReplyEnded) and event.session_id != tabs.active:
            tabs.unseen |= {event.session_id} & {*tabs.ids}
        self._draw_tabs()

    def _hear_session(self, event: SessionEvent) -> None:
        if isinstance(event, SessionRemoved):
            self._desk.tabs.close(event.session_id)
            self.show_active()
        else:
            self._draw_tabs()

    def _hear_host(self, event: HostEvent) -> None:
        if self._desk.session is None and self.welcome.can_chat:
            self.show_active()

    # --- writing ---

    @on(TextArea.Changed)
    def _typed(self) -> None:
        self._desk.tabs.draft(self.pane.prompt.text)
        self._keep_soon()

    @on(ChatPane.Asked)
    async def _asked(self, event: ChatPane.Asked) -> None:
        try:
            command = command_of(event.text)
        except ValueError as error:
            self.notify(str(error), severity="warning", markup=False)
            self.pane.write(event.text)
        else:
            if command is None:
                self._ask(event.text, event.instead_of)
            else:
                await self.run_action(command.action, self.pane.reading)

    def _ask(self, text: str, instead_of: Message | None = None) -> None:
        """Send a question; where that is not possible, nothing of it is lost."""
        session = self._desk.session
        try:
            if session is None or not session.model:
                raise NoModel(_("There is no model to ask yet. ^O chooses one, 2 pulls one."))
            self.worker.replies.send(session.id, text, instead_of)
        except (OllamaError, ReadOnly) as error:
            self.notify(str(error), severity="warning", markup=False)
            self.pane.write(text, instead_of)
        else:
            self._desk.asked(session, text)
            self._draw_tabs()

    def stop(self) -> bool:
        """Cut the running answer short; False if none runs."""
        session = self._desk.session
        return session is not None and self.worker.replies.stop(session.id)

    def choose_model(self) -> None:
        """Choose the model of this chat, or of a new one."""
        from tui.screens.dialogs.picker import ModelPicker

        self.app.push_screen(ModelPicker(self.worker), self._chosen)
