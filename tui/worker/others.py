"""Other models that are to answer a question, too, beside what was answered."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from tui.api.errors import OllamaError
from tui.domain import clock
from tui.domain.language import _
from tui.domain.session import Message, Session
from tui.worker.conversations import Conversations, ReadOnly
from tui.worker.events import Event, Events, Notice, ReplyEnded
from tui.worker.replies import Replies


class Asked(NamedTuple):
    """A question, by its id, and who is to answer it."""

    question: str
    model: str
    host: str
    since: datetime
    """When it was asked."""

    @property
    def shown(self) -> str:
        """Its name, with that of its host if that is not the session's."""
        return f"{self.host}/{self.model}" if self.host else self.model


class Others:
    """Asks several models the same: hosts at the same time, the models of one host in turn.

    Whoever stops the answers of a session stops those that are still to come.
    """

    def __init__(self, conversations: Conversations, replies: Replies, events: Events) -> None:
        self._conversations = conversations
        self._replies = replies
        self._events = events
        self._queues: dict[str, list[Asked]] = {}
        self._alone = ""
        """The answer that is being stopped without the others."""
        events.subscribe(self._hear)

    def queue(self, session_id: str) -> tuple[Asked, ...]:
        """The models still to be asked in a session, in order."""
        return tuple(self._queues.get(session_id, ()))

    def waiting(self, session_id: str) -> tuple[str, ...]:
        """The same, as they are shown."""
        return tuple(asked.shown for asked in self.queue(session_id))

    def ask(self, session_id: str, question_id: str, models: Sequence[str], host: str = "") -> None:
        """Let these models answer a question, on a host other than the session's if one is named.

        Raises OllamaError and ReadOnly.
        """
        queue = self._queues.setdefault(session_id, [])
        queue += [Asked(question_id, model, host, clock.now()) for model in models]
        self._ask_next(session_id)
        self._conversations.tell(self._conversations.open(session_id))

    def stop(self, session_id: str, message_id: str) -> None:
        """Cut one answer short; the others go on, and so do those that wait."""
        self._alone = message_id
        self._replies.stop(session_id, message_id)
        self._alone = ""

    def keep(self, session_id: str, answer: Message) -> None:
        """Let a conversation go on with one answer and its model. Raises ReadOnly.

        What the others say is cut short, and kept.
        """
        self._queues.pop(session_id, None)
        for each in self._replies.beside(session_id):
            if each.message.id != answer.id:
                self._replies.stop(session_id, each.message.id)

        def take(session: Session) -> None:
            session.model = answer.model or session.model
            session.host = answer.host or session.host
            if known := session.get(answer.id):
                session.show(known)

        self._conversations.change(session_id, take)

    def _ask_next(self, session_id: str) -> None:
        """Ask whoever need not wait for another."""
        for asked in self.queue(session_id):
            if self._waits(session_id, asked):
                continue
            self._queues[session_id].remove(asked)
            try:
                self._replies.join(session_id, *asked[:3])
            except (OllamaError, ReadOnly):  # another program may have the conversation by now
                self._queues[session_id].clear()
                raise

    def _waits(self, session_id: str, asked: Asked) -> bool:
        """Whether its host, or another question, is being answered."""
        host = asked.host or self._conversations.open(session_id).host
        running = [state.message for state in self._replies.beside(session_id)]
        return any(each.host == host or each.parent != asked.question for each in running)

    def _hear(self, event: Event) -> None:
        if not isinstance(event, ReplyEnded) or not self._queues.get(event.session_id):
            return
        ended = event.message
        if ended.state in ("stopped", "interrupted") and ended.id != self._alone:
            self._give_up(event.session_id, ended.host)
        else:
            self._ask_next(event.session_id)

    def _give_up(self, session_id: str, host: str) -> None:
        """Ask nobody any more who waited for an answer of this host."""
        home = self._conversations.open(session_id).host
        gone = [asked for asked in self.queue(session_id) if (asked.host or home) == host]
        self._queues[session_id] = [each for each in self.queue(session_id) if each not in gone]
        if gone:
            names = ", ".join(asked.shown for asked in gone)
            text = _("Not asked any more, because the answer before was cut short: {names}.")
            self._events.tell(Notice(text.format(names=names)))
