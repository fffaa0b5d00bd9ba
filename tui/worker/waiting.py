"""Messages that wait until the running answer of their session is over."""

from collections.abc import Mapping

from tui.domain.session import Attached, Session
from tui.worker.conversations import Conversations
from tui.worker.events import Event, Events, ReplyEnded
from tui.worker.replies import Replies


class Waiting:
    """Sends what waits, one message after another; after an answer cut short the rest stay."""

    def __init__(self, conversations: Conversations, replies: Replies, events: Events) -> None:
        self._conversations = conversations
        self._replies = replies
        events.subscribe(self._hear)

    def add(
        self, session_id: str, text: str, attached: Mapping[str, Attached] | None = None
    ) -> None:
        """Let a message wait behind those that do. Raises ReadOnly."""
        self._put(session_id, text, attached or {}, len(self._of(session_id)))

    def take(self, session_id: str, place: int) -> str:
        """Take a waiting message out; "" where there is none. Raises ReadOnly."""
        texts = self._of(session_id)
        if not 0 <= place < len(texts):
            return ""
        rest = [*texts[:place], *texts[place + 1 :]]

        def take(session: Session) -> None:
            session.queued = rest
            session.carried = {
                text: session.carried[text] for text in session.carried if text in rest
            }

        self._conversations.change(session_id, take)
        return texts[place]

    def carried(self, session_id: str, text: str) -> Mapping[str, Attached]:
        """The images that go with a waiting message."""
        return self._conversations.open(session_id).carried.get(text, {})

    def send_now(self, session_id: str, place: int = 0) -> None:
        """Send a waiting message; a running answer is stopped for it, and what it said kept.

        Raises OllamaError and ReadOnly; the message waits on then.
        """
        if place < len(self._of(session_id)):
            self._replies.stop(session_id)
            self._send(session_id, place)

    def _of(self, session_id: str) -> list[str]:
        return self._conversations.open(session_id).queued

    def _put(
        self, session_id: str, text: str, attached: Mapping[str, Attached], place: int
    ) -> None:
        def put(session: Session) -> None:
            told = text
            while told in session.queued and session.carried.get(told, {}) != attached:
                told += " "  # images are found by the text: words said twice have their own
            session.queued = [*session.queued[:place], told, *session.queued[place:]]
            if attached:
                session.carried = {**session.carried, told: dict(attached)}

        self._conversations.change(session_id, put)

    def _send(self, session_id: str, place: int) -> None:
        attached = self.carried(session_id, self._of(session_id)[place])
        text = self.take(session_id, place)
        sent = False
        try:
            self._replies.send(session_id, text, attached=attached)
            sent = True
        finally:
            if not sent:
                self._put(session_id, text, attached, place)

    def _hear(self, event: Event) -> None:
        if isinstance(event, ReplyEnded) and event.message.state == "complete":
            self._go_on(event.session_id)

    def _go_on(self, session_id: str) -> None:
        if self._of(session_id) and not self._replies.running(session_id):
            self._send(session_id, 0)
