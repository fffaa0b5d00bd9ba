"""The drawer: saved chats to choose from, and a line to search them with."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.events import Key
from textual.message import Message
from textual.reactive import reactive

from tui.domain import clock
from tui.domain.language import _
from tui.widgets.found_rows import FoundRow, found_rows
from tui.widgets.glyphs import g
from tui.widgets.line_input import LineInput
from tui.widgets.lines import Lines, line, muted, spread, strong
from tui.widgets.rows import Rows
from tui.widgets.session_rows import SessionRow, session_rows
from tui.widgets.text import Text
from tui.widgets.zone import Zone


class _Head(Zone):
    """The drawer's name, and how many chats there are."""

    count: reactive[int] = reactive(0)

    def draw(self, width: int, height: int) -> Lines:
        count = muted(f"{self.count} ") if self.count else Content("")
        return [line(), spread(line(" ", strong(_("Sessions"))), count, width)]


class _Side(Zone):
    """The drawer's edge."""

    def draw(self, width: int, height: int) -> Lines:
        return [line((g.side, "$rule"))] * height


class Sessions(Rows):
    """The rows; enter opens one."""

    BINDINGS = [Binding("enter", "choose", _("open"), id="sessions.open")]


class SessionList(Horizontal):
    """Shows the sessions it is given; what is typed above them is for its owner to look up."""

    BINDINGS = [Binding("slash", "search", _("search"), id="sessions.search")]

    list: getters.query_one[Rows] = getters.query_one(Rows)
    line: getters.query_one[LineInput] = getters.query_one(LineInput)
    head: getters.query_one[_Head] = getters.query_one(_Head)

    @dataclass
    class Chosen(Message):
        """The user opened a session, at a message if one was found."""

        id: str
        message_id: str = ""

    @dataclass
    class SearchWanted(Message):
        """The user looks for sessions with this text; all of them when it is empty."""

        text: str

    def compose(self) -> ComposeResult:
        with Vertical():
            yield _Head()
            with Horizontal(classes="search"):
                yield Text(" / ", "$accent")
                yield LineInput(placeholder=_("search titles and text"))
            yield Sessions()
        yield _Side()

    def show(
        self,
        sessions: Sequence[SessionRow],
        current: str = "",
        total: int = 0,
        found: Sequence[FoundRow] = (),
    ) -> None:
        """Show these sessions, and below them what was found in the texts of any.

        The cursor is on the row with the key `current`; `total` counts all there are.
        """
        self.head.count = total or len(sessions)
        now = clock.now()
        rows = [*session_rows(sessions, now), *found_rows(found, now, gap=bool(sessions))]
        self.list.show(rows, current or None, self._empty())

    @property
    def under_cursor(self) -> str | None:
        """The id of the session that keys are about."""
        key = self.list.cursor_key
        return key.partition(" ")[0] if key else None

    @property
    def query_text(self) -> str:
        """What is looked for."""
        return self.line.value.strip()

    def action_search(self) -> None:
        """Type what to look for."""
        self.line.focus()

    def clear_search(self) -> None:
        """Look for nothing, and go back to the list."""
        self.line.value = ""
        self.list.focus()

    @on(LineInput.Changed)
    def _search(self, event: LineInput.Changed) -> None:
        event.stop()
        self.post_message(self.SearchWanted(self.query_text))

    @on(Rows.Chosen)
    def _choose(self, event: Rows.Chosen) -> None:
        event.stop()
        session_id, _space, message_id = event.key.partition(" ")
        self.post_message(self.Chosen(session_id, message_id))

    def on_key(self, event: Key) -> None:
        """While searching, the keys that a line has no use for move the list."""
        if not self.line.has_focus:
            return
        moves = {
            "up": lambda: self.list.action_step(-1),
            "down": lambda: self.list.action_step(1),
            "enter": self.list.action_choose,
            "escape": self.clear_search,
        }
        if move := moves.get(event.key):
            event.stop()
            event.prevent_default()
            move()

    def _empty(self) -> str:
        if self.query_text:
            return _('Nothing matches "{text}". esc clears.').format(text=self.query_text)
        return _("Nothing here yet. ^N starts a chat.")
