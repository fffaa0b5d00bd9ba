"""What was said, and the keys that work on it while it is browsed."""

from collections.abc import Callable
from dataclasses import dataclass

from textual import getters
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.message import Message as Event

from tui.api.errors import OllamaError
from tui.domain.language import _
from tui.domain.session import Message, Session
from tui.screens.chats.entries import entries, live_entry
from tui.screens.chats.turn_keys import TURN_KEYS
from tui.widgets.entry import Entry
from tui.widgets.transcript import Transcript
from tui.widgets.turns import is_long
from tui.worker.conversations import ReadOnly
from tui.worker.events import ReplyState
from tui.worker.worker import Worker

_MESSAGE, _SIBLINGS = Binding.Group(_("message")), Binding.Group(_("siblings"))


class Reading(Vertical):
    """A conversation's transcript."""

    BINDINGS = [
        Binding("j", "move(1)", _("next message"), group=_MESSAGE, id="browse.next"),
        Binding("k", "move(-1)", _("message before"), group=_MESSAGE, id="browse.before"),
        Binding("r", "regenerate", _("regenerate"), id="browse.regenerate"),
        Binding("c", "proceed", _("continue"), id="browse.continue"),
        Binding(
            "e",
            "edit",
            _("edit"),
            tooltip=_("edit and send again; correct an answer"),
            id="browse.edit",
        ),
        Binding(
            "left", "sibling(-1)", _("sibling before"), group=_SIBLINGS, id="browse.sibling_before"
        ),
        Binding(
            "right", "sibling(1)", _("next sibling"), group=_SIBLINGS, id="browse.sibling_after"
        ),
        Binding("y", "copy", _("copy"), tooltip=_("copy the message"), id="browse.copy"),
        Binding(
            "t", "unfold", _("unfold"), tooltip=_("fold, unfold what is long"), id="browse.thinking"
        ),
        Binding("g", "first", _("first message"), show=False, id="browse.first"),
        Binding("G", "last", _("last message, and follow"), show=False, id="browse.last"),
        *TURN_KEYS,
        Binding(
            "S",
            "screen.settings",
            _("settings"),
            tooltip=_("settings of this chat"),
            show=False,
            id="browse.settings",
        ),
        Binding("i,enter,q", "write", _("prompt"), id="browse.write"),
    ]

    transcript = getters.query_one(Transcript)

    @dataclass
    class CopyWanted(Event):
        """The user wants `text` in the clipboard."""

        text: str

    def __init__(self, worker: Worker, write: Callable[[Message | None], None]) -> None:
        """`write` turns to the prompt, with a message that is to be put in other words."""
        super().__init__()
        self._worker = worker
        self._write = write
        self._session: Session | None = None
        self._growing: Entry | None = None
        """The running answer as it was shown first."""

    def compose(self) -> ComposeResult:
        yield Transcript()

    def show(
        self,
        session: Session | None,
        reply: ReplyState | None,
        place: tuple[str, int] | None = None,
    ) -> None:
        """Show a conversation at a place, or the present state of the same one where it is."""
        self._session = session
        shown = entries(session, reply) if session else []
        self._growing = shown[-1] if reply else None
        self.transcript.show(shown, place)
        self.refresh_bindings()

    def shows(self, reply: ReplyState) -> bool:
        """Whether this is the running answer that was shown last."""
        return self._growing is not None and self._growing.message.id == reply.message.id

    def grow(self, reply: ReplyState) -> None:
        """Show how far the running answer is."""
        if self._growing is not None and self._session is not None:
            self.transcript.update(live_entry(self._session, reply, self._growing.place))

    # --- keys ---

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if self._session is None:
            return False
        if action in ("write", "first", "last", "move", "settings"):
            return True
        chosen = self.transcript.chosen
        if chosen is None:
            return False
        if action == "sibling":  # this takes its time in a long session
            return len(self._session.siblings(chosen)) > 1
        possible = {
            "edit": chosen.role in ("user", "assistant"),
            "proceed": chosen.resumable,
            "unfold": _hides(chosen),
        }
        return possible.get(action, True)

    def action_move(self, by: int) -> None:
        """Choose the next or the previous message."""
        self.transcript.move(by)
        self.refresh_bindings()

    def action_first(self) -> None:
        """Go to the beginning."""
        self.transcript.go_first()
        self.refresh_bindings()

    def action_last(self) -> None:
        """Go to the end, and follow it."""
        self.transcript.follow()
        self.refresh_bindings()

    def action_regenerate(self) -> None:
        """Let the model answer once more, beside what it said."""
        self._turn(self._worker.replies.regenerate)

    def action_proceed(self) -> None:
        """Let the model go on where its answer ends."""
        self._turn(self._worker.replies.proceed)

    def action_edit(self) -> None:
        """Ask a question in other words, or correct an answer; the old one stays beside it."""
        if chosen := self.transcript.chosen:
            self._write(chosen)

    def action_sibling(self, by: int) -> None:
        """Turn to another answer to the same question, or to the question in other words."""
        session, chosen = self._session, self.transcript.chosen
        if session is None or chosen is None:
            return
        family = session.siblings(chosen)
        other = family[(family.index(chosen) + by) % len(family)]
        self._attempt(
            lambda: self._worker.conversations.change(session.id, lambda s: s.show(other))
        )

    def action_copy(self) -> None:
        """Copy the chosen message."""
        if chosen := self.transcript.chosen:
            self.post_message(self.CopyWanted(chosen.content))

    def action_unfold(self) -> None:
        """Fold or unfold what was thought, what a tool was given, or what it said."""
        self.transcript.toggle_folded()

    def action_write(self) -> None:
        """Back to the prompt."""
        self._write(None)

    def _turn(self, act: Callable[[str, str], None]) -> None:
        session, chosen = self._session, self.transcript.chosen
        if session is not None and chosen is not None:
            self._attempt(lambda: act(session.id, chosen.id))
            self.transcript.follow()

    def _attempt(self, act: Callable[[], object]) -> None:
        try:
            act()
        except (OllamaError, ReadOnly) as error:
            self.notify(str(error), severity="warning", markup=False)


def _hides(message: Message) -> bool:
    """Whether there is more to see than is shown at first."""
    if message.role == "user":
        return is_long(message.content)
    return message.role != "assistant" or bool(message.thinking or message.tool_calls)
