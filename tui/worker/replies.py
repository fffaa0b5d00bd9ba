"""Running answers: one a session or several to one question, many sessions at once."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import msgspec

from tui.api.errors import OllamaError
from tui.api.requests import ChatRequest
from tui.domain.language import _
from tui.domain.questions import answer, question, reworded
from tui.domain.session import Attached, Message, Session, wire
from tui.store.journal import Journals
from tui.worker.conversations import Conversations
from tui.worker.events import Events, ReplyChanged, ReplyEnded, ReplyState
from tui.worker.holdups import ahead_of, wait_of
from tui.worker.hosts import Hosts
from tui.worker.remarks import Remarks
from tui.worker.reply import Reply
from tui.worker.supervisor import Supervisor
from tui.worker.verdict import judged

_LOOK = 1.0
"""Seconds between looks at what an answer waits for."""


class AlreadyRunning(OllamaError):
    """The session's last question is still being answered."""


class Replies:
    """Asks models and keeps what they say. A reply belongs to its session, not to a tab."""

    def __init__(
        self,
        conversations: Conversations,
        journals: Journals,
        hosts: Hosts,
        events: Events,
        supervisor: Supervisor,
    ) -> None:
        self._conversations = conversations
        self._journals = journals
        self._hosts = hosts
        self._events = events
        self._supervisor = supervisor
        self._running: dict[str, Reply] = {}
        """By the ids of their messages, in the order in which they were asked for."""
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._remarks = Remarks(events)
        self.before_asking: Callable[[ChatRequest], Awaitable[None]] = _as_it_is
        """Puts into a request what only the disk has."""
        conversations.before_removal = self.stop

    def running(self, session_id: str) -> ReplyState | None:
        """The session's running answer as it stands; of several the one asked for first."""
        return next((reply.state for reply in self._of(session_id)), None)

    def beside(self, session_id: str) -> list[ReplyState]:
        """All running answers of a session: they answer the same question."""
        return [reply.state for reply in self._of(session_id)]

    def all(self) -> list[ReplyState]:
        """Every running answer, in the order in which they were asked for."""
        return [reply.state for reply in self._running.values()]

    @property
    def count(self) -> int:
        """How many answers are running."""
        return len(self._running)

    def send(
        self,
        session_id: str,
        text: str,
        instead_of: Message | None = None,
        attached: Mapping[str, Attached] | None = None,
    ) -> None:
        """Ask a question, or ask it in other words, and let it be answered.

        Raises AlreadyRunning and ReadOnly.
        """
        self._refuse_second(session_id)
        session = self._conversations.change(
            session_id, lambda each: each.add(question(each, text, instead_of, attached))
        )
        self._answer(session, session.leaf)

    def regenerate(self, session_id: str, message_id: str, model: str = "", host: str = "") -> None:
        """Answer the question again, or let another model, here or elsewhere. Raises as `send`."""
        self._refuse_second(session_id)
        session = self._conversations.open(session_id)
        message = session.get(message_id)
        if message is None:
            return
        asked = message.id if message.role == "user" else message.parent
        self._conversations.change(session_id, lambda s: setattr(s, "leaf", asked))
        self._answer(session, asked, model=model, host=host)

    def join(self, session_id: str, question_id: str, model: str, host: str = "") -> None:
        """Let one more model answer a question, also while others do. Raises as `send`."""
        if not self.beside(session_id):
            self.regenerate(session_id, question_id, model, host)
        else:
            if any(reply.message.parent != question_id for reply in self._of(session_id)):
                self._refuse_second(session_id)
            session = self._conversations.open(session_id)
            self._answer(session, question_id, model=model, host=host)

    def reword(self, session_id: str, answer: Message, text: str) -> None:
        """Put an answer of the user's own beside what the model said. Raises as `send`."""
        self._refuse_second(session_id)
        self._conversations.change(session_id, lambda each: each.add(reworded(answer, text)))

    def proceed(self, session_id: str, message_id: str) -> None:
        """Let the model go on where an answer ends: a sibling that begins with its text."""
        self._refuse_second(session_id)
        session = self._conversations.open(session_id)
        message = session.get(message_id)
        if message is not None and message.resumable:
            self._answer(session, message.parent, message)

    def stop(self, session_id: str, message_id: str = "") -> bool:
        """Cut models short, all or one; what they said is kept. False if nothing runs."""
        stopped = [r for r in self._of(session_id) if message_id in ("", r.message.id)]
        for reply in stopped:
            self._tasks[reply.message.id].cancel()
            reply.end("stopped")
        self._finish(*stopped)
        return bool(stopped)

    def end_all(self) -> None:
        """The program ends: keep what every answer has, marked interrupted."""
        self._finish(*self._running.values())

    def _of(self, session_id: str) -> list[Reply]:
        return [reply for reply in self._running.values() if reply.session_id == session_id]

    def _refuse_second(self, session_id: str) -> None:
        if self._of(session_id):
            text = _("An answer is still running here. ^C stops it; what it said is kept.")
            raise AlreadyRunning(text)
        if not self._conversations.writable(session_id):
            self._conversations.change(session_id, lambda _session: None)  # says why not

    def _answer(
        self,
        session: Session,
        parent: str | None,
        begun: Message | None = None,
        model: str = "",
        host: str = "",
    ) -> None:
        begins = answer(session, parent, begun, model, host)
        journal = self._journals.journal(session.id, begins.id if self._of(session.id) else "")
        reply = Reply(session.id, begins.host, begins, journal, self._tell)
        self._running[begins.id] = reply
        self._conversations.hold(session.id)
        self._tell(reply)
        told = session.branch(parent) + ([begun] if begun else [])
        request = ChatRequest(
            model=begins.model,
            messages=wire(told, session.system),
            options=session.options or None,
            think=session.think,
            format=session.format,
            keep_alive=session.keep_alive,
        )
        task = self._supervisor.start(self._run(reply, request), self._failed(reply))
        self._tasks[begins.id] = task

    async def _run(self, reply: Reply, request: ChatRequest) -> None:
        waiting = self._supervisor.start(self._watch(reply), lambda _error: None, lasting=True)
        try:
            await self.before_asking(request)
            client = await self._hosts.client(reply.host)
            self._remarks.tell(reply.session_id, await client.remarks(request))
            await reply.follow(client.chat(request))
            reply.message = judged(reply.message, request, self._hosts.status(reply.host))
        except OllamaError as error:
            said = reply.begun or reply.message.content
            reply.end("interrupted" if said else "failed", str(error))
        finally:
            waiting.cancel()
            self._finish(reply)

    async def _watch(self, reply: Reply) -> None:
        """Until the first token nothing arrives, not even headers: find out what it waits for."""
        while reply.message.id in self._running and not reply.begun:
            ahead = ahead_of(reply, self._running.values())
            title = self._conversations.open(ahead.session_id).title if ahead else ""
            reply.waits(*wait_of(reply, ahead, title, self._hosts.status(reply.host)))
            await asyncio.sleep(_LOOK)
            self._hosts.look(reply.host, models=False)

    def _tell(self, reply: Reply) -> None:
        self._events.tell(ReplyChanged(reply.state))

    def _finish(self, *replies: Reply) -> None:
        """Fold answers into their sessions; each journal goes once that is on disk."""
        ended = [reply for reply in replies if self._running.pop(reply.message.id, None)]
        for reply in ended:
            self._tasks.pop(reply.message.id, None)
            reply.end("interrupted", _("the program was ended"))  # unless it ended before
        for reply in ended:
            self._fold(reply)

    def _fold(self, reply: Reply) -> None:
        message, chat = reply.message, reply.session_id
        is_last = not self._of(chat)  # while others answer, what they answer is shown
        self._conversations.change(chat, lambda session: session.add(message, shown=is_last))
        reply.journal.remove()
        self._events.tell(ReplyEnded(chat, message))
        if not self._of(chat):  # who heard of it may have asked on
            self._conversations.unhold(chat)
        self._hosts.look(reply.host, models=False)

    def _failed(self, reply: Reply) -> Callable[[Exception], None]:
        def failed(error: Exception) -> None:
            text = _("an error in this program ({error}); the log has it").format(error=error)
            message = msgspec.structs.replace(reply.message, state="failed", error=text)
            self._conversations.change(reply.session_id, lambda s: s.replace(message))
            self._events.tell(ReplyEnded(reply.session_id, message))

        return failed


async def _as_it_is(_request: ChatRequest) -> None:
    """Nothing is missing."""
