"""Titles that models give to conversations."""

from contextlib import aclosing

from tui.api.errors import OllamaError
from tui.api.requests import ChatRequest
from tui.domain.language import _
from tui.domain.session import Session
from tui.domain.titles import title_request, title_said
from tui.worker.conversations import Conversations
from tui.worker.hosts import Hosts

_TOKENS = 24
"""A title has no more."""


class NoTitle(OllamaError):
    """The model said nothing that could be a title."""


class Titles:
    """Asks a conversation's model to name it."""

    def __init__(self, conversations: Conversations, hosts: Hosts) -> None:
        self._conversations = conversations
        self._hosts = hosts

    async def make(self, id: str) -> str:
        """Name a conversation. Raises OllamaError, OSError, ReadOnly and SessionDamaged."""
        session = self._conversations.open(id)
        title = title_said(await self._ask(session))
        if not title:
            text = _("{model} gave no title. r lets you write one.")
            raise NoTitle(text.format(model=session.model))
        self._conversations.change(id, lambda session: setattr(session, "title", title))
        return title

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
