"""Searching what was said in all conversations."""

import asyncio
from typing import TYPE_CHECKING, NamedTuple

from tui.domain.session import SessionTitle
from tui.store.sessions import SessionStore
from tui.worker.conversations import Conversations
from tui.worker.events import Event, Events, Notice, ReplyEnded, SessionChanged, SessionRemoved
from tui.worker.supervisor import Failed, Supervisor

if TYPE_CHECKING:
    from tui.store.search import Hit

_AT_ONCE = 8
"""Sessions read in one go: the program can end between two of them."""
_BREATH = 0.02
"""Seconds between two of them, which belong to whoever draws."""
_LEISURE = 1.0
"""Seconds after an answer's end in which that is drawn and saved; a search does not wait."""


class FoundText(NamedTuple):
    """A message in which something was found, and the conversation it stands in."""

    title: SessionTitle
    hit: "Hit"


class Search:
    """Keeps the full text as the conversations are, and finds in it."""

    def __init__(
        self,
        store: SessionStore,
        conversations: Conversations,
        events: Events,
        supervisor: Supervisor,
        failed: Failed,
    ) -> None:
        self._sessions = store
        self._conversations = conversations
        self._events = events
        self._supervisor = supervisor
        self._failed = failed
        self._known = False
        """Whether it was looked what has been written since the program last ran."""
        self._changed: dict[str, None] = {}
        """Sessions that are to be read, in this order."""
        self._one_reads = asyncio.Lock()
        events.subscribe(self._hear)

    async def read_all(self) -> None:
        """Take in every session that was written since the program last ran."""
        await self._know()
        await self._catch_up()

    async def _know(self) -> None:
        self._changed |= dict.fromkeys(await asyncio.to_thread(self._sessions.unsearchable))
        self._known = True

    async def find(self, text: str) -> list[FoundText]:
        """The messages with all these words, the newest first."""
        if not self._known:
            await self._know()
        await self._catch_up()
        titles = {title.id: title for title in self._conversations.titles()}
        hits = await asyncio.to_thread(self._sessions.search.find, text)
        return [FoundText(titles[hit.session_id], hit) for hit in hits if hit.session_id in titles]

    async def _catch_up_at_leisure(self) -> None:
        await asyncio.sleep(_LEISURE)
        await self._catch_up()

    async def _catch_up(self) -> None:
        while self._changed:
            async with self._one_reads:
                damaged = await self._read([*self._changed][:_AT_ONCE])
            for text in damaged:
                self._events.tell(Notice(text, "error"))
            if self._changed:
                await asyncio.sleep(_BREATH)

    async def _read(self, ids: list[str]) -> list[str]:
        for each in ids:
            del self._changed[each]
        opened = self._conversations.opened(ids)
        try:
            return await asyncio.to_thread(self._sessions.search.take_in, ids, opened)
        except asyncio.CancelledError:  # by the next letter of a search
            self._changed |= dict.fromkeys(ids)
            raise

    def _hear(self, event: Event) -> None:
        match event:
            case SessionChanged(session) if session.messages:
                self._changed[session.id] = None
            case SessionRemoved(session_id):
                self._changed[session_id] = None
            case ReplyEnded():
                self._supervisor.start(self._catch_up_at_leisure(), self._failed, lasting=True)
