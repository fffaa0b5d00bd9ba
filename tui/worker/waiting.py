"""Messages that wait until the running answer of their session is over."""

from tui.domain.session import Session
from tui.worker.conversations import Conversations
from tui.worker.events import Event, Events, ReplyEnded
from tui.worker.replies import Replies


class Waiting:
    """Sends what waits, one message after another; after an answer cut short the rest stay."""

    def __init__(self, conversations: Conversations, replies: Replies, events: Events) -> None:
        self._conversations = conversations
        self._replies = replies
        events.subscribe(self._hear)

    def add(self, session_id: str, text: str) -> None:
        """Let a message wait behind those that do. Raises ReadOnly."""
        self._put(session_id, text, len(self._of(session_id)))

    def take(self, session_id: str, place: int) -> str:
        """Take a waiting message out; "" where there is none. Raises ReadOnly."""
        texts = self._of(session_id)
        if not 0 <= place < len(texts):
            return ""
        rest = [*texts[:place], *texts[place + 1 :]]
        self._conversations.change(session_id, lambda session: setattr(session, "queued", rest))
        return texts[place]

    def send_now(self, session_id: str, place: int = 0) -> None:
        """Send a waiting message; a running answer is stopped for it, and what it said kept.

        Raises OllamaError and ReadOnly; the message waits on then.
        """
        if text := self.take(session_id, place):
            self._replies.stop(session_id)
            self._send(session_id, text, place)

    def _of(self, session_id: str) -> list[str]:
        return self._conversations.open(session_id).queued

    def _put(self, session_id: str, text: str, place: int) -> None:
        def put(session: Session) -> None:
            session.queued = [*session.queued[:place], text, *session.queued[place:]]

        self._conversations.change(session_id, put)

    def _send(self, session_id: str, text: str, place: int = 0) -> None:
        sent = False
        try:
            self._replies.send(session_id, text)
            sent = True
        finally:
            if not sent:
                self._put(session_id, text, place)

    def _hear(self, event: Event) -> None:
        if isinstance(event, ReplyEnded) and event.message.state == "complete":
            self._go_on(event.session_id)

    def _go_on(self, session_id: str) -> None:
        if not self._replies.running(session_id) and (text := self.take(session_id, 0)):
            self._send(session_id, text)
