"""One conversation on the screen: what was said, how it stands, and what is being typed."""

from dataclasses import dataclass

from msgspec.structs import replace
from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.message import Message as Event
from textual.widget import Widget
from textual.widgets import TextArea

from tui.domain.language import _
from tui.domain.questions import joined
from tui.domain.session import Message, Session
from tui.screens.chats.entries import context_used, note, status_line
from tui.screens.chats.fitting import Fitting, warning
from tui.screens.chats.reading import Reading
from tui.screens.chats.writing import Writing
from tui.screens.pacing import Paced
from tui.screens.signals import HostEvent, ReplyEvent, SessionEvent, Signals
from tui.widgets.chat_status import ChatStatus
from tui.widgets.prompt import Prompt
from tui.widgets.waiting_lines import Waiters, WaitingLines
from tui.worker.events import HostChanged, ReplyChanged, ReplyState, SessionChanged
from tui.worker.worker import Worker


class ChatPane(Vertical):
    """Shows one session at a time and takes what the user writes."""

    BINDINGS = [
        Binding("ctrl+c", "stop", _("stop"), id="chat.stop"),
        Binding("escape", "browse", _("browse"), id="chat.browse"),
        Binding(
            "ctrl+g", "editor", "", tooltip=_("write in an editor"), show=False, id="chat.editor"
        ),
    ]

    reading = getters.query_one(Reading)
    status = getters.query_one(ChatStatus)
    waiting = getters.query_one(WaitingLines)
    prompt = getters.query_one(Prompt)
    writing = getters.query_one(Writing)

    @dataclass
    class Asked(Event):
        """The user sent `text`; what begins with a slash is a command."""

        text: str
        """With the marks of what was pasted."""
        instead_of: Message | None
        """The earlier question that this one is asked instead of."""

    def __init__(self, worker: Worker, signals: Signals, *beside: Widget) -> None:
        super().__init__()
        self._worker = worker
        self._signals = signals
        self._beside = beside
        self._session: Session | None = None
        self._editing: Message | None = None
        self._aside = ""
        """The draft that was there before an earlier message was taken up."""
        self._fitting = Fitting()
        self._weigh_soon = Paced(self, self._draw_status)
        self._used = 0
        """Tokens of the context taken: counted when the session changes, not at every token."""

    def compose(self) -> ComposeResult:
        with Horizontal(id="body"):
            yield from self._beside
            yield Reading(self._worker, self._turn_to_prompt)
        yield WaitingLines()
        yield ChatStatus()
        yield Writing(self._worker)

    async def put_beside(self, widget: Widget) -> None:
        """Put something left of the conversation."""
        await self.query_one("#body").mount(widget, before=0)

    def on_mount(self) -> None:
        self._signals.replies.subscribe(self, self._hear_reply)
        self._signals.sessions.subscribe(self, self._hear_session)
        self._signals.hosts.subscribe(self, self._hear_host)
        self.prompt.behind = self.reading.transcript

    @property
    def session(self) -> Session | None:
        """The conversation shown."""
        return self._session

    @property
    def reply(self) -> ReplyState | None:
        """Its running answer."""
        return self._worker.replies.running(self._session.id) if self._session else None

    def show(
        self, session: Session | None, draft: str = "", place: tuple[str, int] | None = None
    ) -> None:
        """Turn to another conversation, with what was typed there and not sent, where it was left.

        `place` is the line at the top, as a message's id and a number; None for the end.
        """
        stays = session is not None and self._session is not None and session.id == self._session.id
        self._session = session
        self.writing.completing.host = session.host if session else ""
        if not stays:  # else the prompt has it, with its cursor
            self._aside = ""
            self.write(draft)
        self._draw(None if stays else place)

    def write(self, text: str, instead_of: Message | None = None) -> None:
        """Put a text into the prompt, to be changed and sent."""
        self._editing = instead_of
        self.prompt.load_text(text)
        self._draw_status()

    @property
    def draft(self) -> str:
        """All that was typed here and not sent."""
        return joined(self.prompt.draft, self._aside)

    def give_back(self, text: str, instead_of: Message | None = None) -> None:
        """Put what could not be sent into the prompt, before what was typed since."""
        whole, self._aside = joined(text, self.draft), ""
        self.write(whole, instead_of)

    # --- hearing ---

    def _hear_reply(self, event: ReplyEvent) -> None:
        """Follow the running answer; what is left at its end, its session told just before."""
        if not isinstance(event, ReplyChanged) or self._session is None:
            return
        if event.reply.session_id != self._session.id:
            return
        if self.reading.shows(event.reply):
            self.reading.grow(event.reply)
            self._draw_status()
        elif not (self.reply and self.reading.shows(self.reply)):  # else one beside it grows
            self._draw()

    def _hear_session(self, event: SessionEvent) -> None:
        if not isinstance(event, SessionChanged) or self._session is None:
            return
        if event.session.id == self._session.id:
            self._session = event.session
            self._draw()

    def _hear_host(self, event: HostEvent) -> None:
        if isinstance(event, HostChanged):
            self._draw_status()
            self.reading.transcript.placeholder = _invitation(self._session, self._worker)

    # --- drawing ---

    def _draw(self, place: tuple[str, int] | None = None) -> None:
        self.reading.show(self._session, self.reply, place)
        self.reading.transcript.placeholder = _invitation(self._session, self._worker)
        self.waiting.value = _waiters(self._session, self._worker)
        self._used = context_used(self._session) if self._session else 0
        self._draw_status()
        self.refresh_bindings()

    def _draw_status(self) -> None:
        session, reply = self._session, self.reply
        if session is not None:
            host = self._worker.hosts.status(session.host)
            value = status_line(session, reply, host, self._used, note(self._editing))
            over = self._fitting.overflow(session, self.prompt.text, host, self._editing)
            said, consequence = warning(over, host) if over else ("", "")
            self.status.value = replace(value, warning=said, consequence=consequence)

    # --- keys ---

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "browse":
            return self._session is not None
        return action != "stop" or self.reply is not None

    def action_stop(self) -> None:
        """Cut the model short; what it said is kept."""
        if self._session:
            self._worker.replies.stop(self._session.id)

    @work(group="editor", exclusive=True)
    async def action_editor(self) -> None:
        """Write the prompt in the user's own editor."""
        from tui.terminal.editor import NoEditor, edited

        try:
            text = await edited(self.app, self.prompt.whole)
        except NoEditor as error:
            self.notify(str(error), severity="error", markup=False)
        else:
            self.write(text, self._editing)

    def action_browse(self) -> None:
        """Let keys move through what was said."""
        self.reading.transcript.focus()

    def _turn_to_prompt(self, earlier: Message | None) -> None:
        """No message, and no focus to come: the next letter is the prompt's."""
        if earlier is not None:
            if self._editing is None or self.prompt.draft != self._editing.content:
                self._aside = self.draft
            self.write(earlier.content, earlier)
        self.screen.set_focus(self.prompt)

    @on(TextArea.Changed)
    def _typed(self) -> None:
        """Who empties the prompt does not mean the earlier question any more."""
        self._weigh_soon()
        if self._editing and not self.prompt.text:
            self.give_back("")

    @on(Prompt.Submitted)
    def _send(self, event: Prompt.Submitted) -> None:
        event.stop()
        if event.text.strip():
            instead_of, self._editing = self._editing, None
            self.post_message(self.Asked(event.draft, instead_of))
            if self._aside:
                self.give_back("")


def _waiters(session: Session | None, worker: Worker) -> Waiters:
    if session is None:
        return Waiters()
    return Waiters(
        tuple(session.queued),
        running=worker.replies.running(session.id) is not None,
        models=worker.others.waiting(session.id),
    )


def _invitation(session: Session | None, worker: Worker) -> str:
    """What stands in an empty conversation."""
    if session is None:
        return ""
    host = worker.hosts.status(session.host)
    if host.state == "down":
        return _("{host} does not answer; 4 says why.").format(host=host.shown)
    return _("Ask {model} anything.").format(model=session.model)
