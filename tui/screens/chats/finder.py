"""The list of conversations, and what answers to a search in it."""

from collections.abc import Sequence

from textual import on, work

from tui.domain.fuzzy import ranked
from tui.domain.session import SessionTitle
from tui.screens.chats.tabs import OpenTabs
from tui.widgets.found_rows import FoundRow
from tui.widgets.session_list import SessionList
from tui.widgets.session_rows import Mark, SessionRow
from tui.worker.search import FoundText
from tui.worker.worker import Worker


class Finder(SessionList):
    """Shows conversations by their titles and tags, and below them what was said in any."""

    def __init__(self, worker: Worker, tabs: OpenTabs) -> None:
        super().__init__()
        self._worker = worker
        self._tabs = tabs
        self._with_archived = False
        self._found: list[FoundText] = []
        """What the texts of all conversations hold of what is looked for."""

    @property
    def title(self) -> SessionTitle | None:
        """What is known of the conversation under the cursor."""
        titles = self._worker.conversations.titles()
        return next((title for title in titles if title.id == self.under_cursor), None)

    def fill(self) -> None:
        """Show the conversations as they are now."""
        everything = self._with_archived or bool(self.query_text)
        titles = self._worker.conversations.titles()
        shown = [title for title in titles if everything or not title.archived]
        found = self._in_text(titles) if self.query_text else []
        if found:  # then these are words, and letters that only happen to be there are in the way
            shown = [title for title in shown if _has_words(title, self.query_text)]
        rows = [self._row(title) for title, _match in ranked(self.query_text, shown, _words_of)]
        self.show(rows, self.list.cursor_key or self._tabs.active, len(titles), found)

    def look_for(self, text: str) -> None:
        """Show what answers to a text, as if it had been typed; or let one be typed."""
        self.line.value = text
        (self.list if text else self.line).focus()

    def _row(self, title: SessionTitle) -> SessionRow:
        return SessionRow(
            id=title.id,
            title=title.title,
            updated_at=title.updated_at,
            mark=self._mark(title),
            model=title.model,
            pinned=title.pinned,
            archived=title.archived,
            tags=tuple(title.tags),
        )

    def _mark(self, title: SessionTitle) -> Mark:
        if self._worker.replies.running(title.id):
            return "answering"
        if title.id in self._tabs.unseen:
            return "unseen"
        if self._tabs.drafts.get(title.id):
            return "draft"
        return "" if title.state == "complete" else "stopped"

    @on(SessionList.SearchWanted)
    def _find(self, event: SessionList.SearchWanted) -> None:
        """Titles at once, texts as soon as they are found."""
        event.stop()
        self.fill()
        self.list.action_first()
        self._read(event.text)

    @work(group="texts", exclusive=True)
    async def _read(self, text: str) -> None:
        self._found = await self._worker.search.find(text) if _worth_reading(text) else []
        self.fill()

    def _in_text(self, titles: Sequence[SessionTitle]) -> list[FoundRow]:
        """What was found, in the conversations that are there still, by their present titles."""
        names = {title.id: title.title for title in titles}
        return [
            FoundRow(
                key=f"{hit.session_id} {hit.message_id}",
                title=names[hit.session_id],
                created_at=hit.created_at,
                text=hit.excerpt.text,
                hits=hit.excerpt.hits,
            )
            for _title, hit in self._found
            if hit.session_id in names
        ]


def _words_of(title: SessionTitle) -> str:
    """What a conversation is found by, beside its text."""
    return " ".join([title.title, *(f"#{tag}" for tag in title.tags)])


def _has_words(title: SessionTitle, query: str) -> bool:
    text = _words_of(title).casefold()
    return all(word in text for word in query.casefold().split())


def _worth_reading(text: str) -> bool:
    """A single letter is in every text; a Chinese character may be a word."""
    return len(text) > 1 or not text.isascii()
