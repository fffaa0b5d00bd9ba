"""Titles that models give to conversations."""

import logging
from contextlib import aclosing, suppress

from tui.api.errors import OllamaError
from tui.api.requests import ChatRequest
from tui.domain.language import _
from tui.domain.session import Session, title_from
from tui.domain.titles import title_request, title_said
from tui.worker.conversations import Conversations, ReadOnly
from tui.worker.events import Event, Events, ReplyEnded
from tui.worker.hosts import Hosts
from tui.worker.supervisor import Failed, Supervisor

log = logging.getLogger(__name__)

_TOKENS = 24
"""A title has no more."""


class NoTitle(OllamaError):
    """The model said nothing that could be a title."""


class Titles:
    """Asks a conversation's model to name it."""

    def __init__(self, conversations: Conversations, hosts: Hosts) -> None:
        self._conversations = conversations
        self._hosts = hosts
        self._naming: set[str] = set()
        """New conversations whose models are asked."""

    async def make(self, id: str) -> str:
        """Name a conversation. Raises OllamaError, OSError, ReadOnly and SessionDamaged."""
        session = self._conversations.open(id)
        title = title_said(await self._ask(session))
        if not title:
            text = _("{model} gave no title. r lets you write one.")
            raise NoTitle(text.format(model=session.model))
        self._conversations.change(id, lambda session: setattr(session, "title", title))
        return title

    def make_all(self, events: Events, supervisor: Supervisor, failed: Failed) -> None:
        """Name each new conversation once its first question is answered."""

        def hear(event: Event) -> None:
            if isinstance(event, ReplyEnded) and event.message.state == "complete":
                session = self._conversations.open(event.session_id)
                if _is_new(session) and session.id not in self._naming:
                    self._naming.add(session.id)
                    supervisor.start(self._name(session), failed)

        events.subscribe(hear)

    async def _name(self, session: Session) -> None:
        """Name a conversation, unless it has got a title meanwhile."""
        before = session.title
        try:
            title = title_said(await self._ask(session))
        except OllamaError as error:
            log.warning("no title was made: %s", error)
            return
        finally:
            self._naming.discard(session.id)
        is_open = bool(self._conversations.opened([session.id]))
        if title and is_open and session.title == before:
            with suppress(ReadOnly):
                self._conversations.change(session.id, lambda one: setattr(one, "title", title))

    async def _ask(self, session: Session) -> str:
        # With the conversation's own options, so that the model is not loaded anew for a title.
        request = ChatRequest(
            model=session.model,
            messages=title_request(session.branch()),
            options=session.options | {"num_predict": _TOKENS},
            think=False,
            keep_alive=session.keep_alive,
        )
        client = await self._hosts.client(session.host)
        async with aclosing(client.chat(request)) as deltas:
            return "".join([delta.content async for delta in deltas])


def _is_new(session: Session) -> bool:
    """Whether it has one question, and nobody gave it a title."""
    questions = [each for each in session.branch() if each.role == "user"]
    return len(questions) == 1 and session.title == title_from(questions[0].content)
