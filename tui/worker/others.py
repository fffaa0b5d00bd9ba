"""Other models that are to answer a question, too: one after another, beside what was answered."""

from collections.abc import Sequence
from typing import NamedTuple

from tui.api.errors import OllamaError
from tui.domain.language import _
from tui.worker.conversations import Conversations, ReadOnly
from tui.worker.events import Event, Events, Notice, ReplyEnded
from tui.worker.replies import Replies


class _Asked(NamedTuple):
    """A question, by its id, and who is to answer it."""

    question: str
    model: str
    host: str

    @property
    def shown(self) -> str:
        """Its name, with that of its host if that is not the session's."""
        return f"{self.host}/{self.model}" if self.host else self.model


class Others:
    """Asks the next model when an answer is over; whoever stops one answer stops the rest."""

    def __init__(self, conversations: Conversations, replies: Replies, events: Events) -> None:
        self._conversations = conversations
        self._replies = replies
        self._events = events
        self._queues: dict[str, list[_Asked]] = {}
        events.subscribe(self._hear)

    def waiting(self, session_id: str) -> tuple[str, ...]:
        """The models still to be asked in a session, in order."""
        return tuple(asked.shown for asked in self._queues.get(session_id, ()))

    def ask(self, session_id: str, question_id: str, models: Sequence[str], host: str = "") -> None:
        """Let these models answer a question, on a host other than the session's if one is named.

        Raises OllamaError and ReadOnly.
        """
        queue = self._queues.setdefault(session_id, [])
        queue += [_Asked(question_id, model, host) for model in models]
        if self._replies.running(session_id):
            self._conversations.tell(self._conversations.open(session_id))
        else:
            self._ask_next(session_id)

    def _ask_next(self, session_id: str) -> None:
        queue = self._queues.get(session_id, [])
        while queue and not self._replies.running(session_id):  # a question may be gone by now
            asked = queue.pop(0)
            try:
                self._replies.regenerate(session_id, *asked)
            except (OllamaError, ReadOnly):
                queue.clear()
                raise

    def _hear(self, event: Event) -> None:
        if not isinstance(event, ReplyEnded) or not self._queues.get(event.session_id):
            return
        if event.message.state in ("complete", "failed"):
            self._ask_next(event.session_id)
            return
        names = ", ".join(self.waiting(event.session_id))
        self._queues[event.session_id].clear()
        text = _("Not asked any more, because the answer before was cut short: {names}.")
        self._events.tell(Notice(text.format(names=names)))
