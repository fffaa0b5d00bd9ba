"""A conversation that can be walked through with keys and the mouse."""

from string import ascii_letters

from textual.binding import Binding
from textual.events import Blur, Click, Focus, MouseScrollDown, MouseScrollUp
from textual.message import Message as Event

from tui.domain.language import _
from tui.domain.session import Message
from tui.terminal.escape import join, separate
from tui.widgets.canvas import Canvas
from tui.widgets.conversation import Conversation
from tui.widgets.prompt import BROWSE
from tui.widgets.reading import Reading

_WHEEL = 3
_SIDEWAYS = 8
"""Columns of one step to the side."""
_ELSEWHERE = {*ascii_letters} - {*BROWSE}
"""Letters that go with alt in the prompt; here ESC before them is a key of its own, too."""


class Walking(Canvas):
    """Knows which lines are in the window, and which message the keys are about."""

    BINDINGS = [
        Binding("up", "scroll(-1)", _("line up"), show=False, id="transcript.up"),
        Binding("down", "scroll(1)", _("line down"), show=False, id="transcript.down"),
        Binding("pageup", "page(-1)", _("page up"), show=False, id="transcript.page_up"),
        Binding("pagedown", "page(1)", _("page down"), show=False, id="transcript.page_down"),
        Binding("h", "aside(-1)", _("long code: to its left"), show=False, id="transcript.left"),
        Binding("l", "aside(1)", _("long code: to its right"), show=False, id="transcript.right"),
    ]

    class Moved(Event):
        """The user went somewhere else in the conversation; `reading` says where."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._conversation = Conversation()
        self._reading = Reading(self._conversation.height)

    def _draw(self) -> None:
        """Show what is in the window now."""
        raise NotImplementedError

    @property
    def reading(self) -> tuple[str, int] | None:
        """The line at the top, as a message's id and a number; None while following."""
        index, at = self._reading.top
        if self._reading.following or index >= len(self._conversation.entries):
            return None
        return self._conversation.entries[index].message.id, at

    @property
    def following(self) -> bool:
        """Whether it stays at the end."""
        return self._reading.following

    @property
    def chosen(self) -> Message | None:
        """The message that keys in browse mode are about: the last answer if no other."""
        index = self._conversation.chosen
        return None if index is None else self._conversation.entries[index].message

    def choose(self, id: str) -> None:
        """Choose a message and bring it into sight."""
        if (index := self._conversation.index(id)) is not None:
            self._choose(index)

    def move(self, by: int) -> None:
        """Choose the next or the previous message; beyond the last one, follow."""
        index = self._conversation.chosen
        if index is None:
            return
        if index + by >= len(self._conversation.entries):
            self.follow()
        else:
            self._choose(max(index + by, 0))

    def go_first(self) -> None:
        """Choose the first message."""
        if self._conversation.entries:
            self._choose(0)

    def follow(self) -> None:
        """Go to the end, choose the last answer and stay there."""
        self._conversation.choose(None)
        self._reading.following = True
        self._draw_moved()

    def action_scroll(self, by: int) -> None:
        """Move the window by lines."""
        self._reading.scroll(by)
        self._draw_moved()

    def action_page(self, by: int) -> None:
        """Move the window by all but two of its lines."""
        self.action_scroll(by * max(self.size.height - 2, 1))

    def action_aside(self, by: int) -> None:
        """Move code that runs on by some columns, as far as any in the window goes."""
        before = [row.content.plain for row in self.rows]
        across = self._conversation.across
        self._conversation.across = max(across + by * _SIDEWAYS, 0)
        self._draw()
        if before == [row.content.plain for row in self.rows]:
            self._conversation.across = across

    def toggle_folded(self) -> None:
        """Fold or unfold what the chosen message hides."""
        index = self._conversation.chosen
        if index is None:
            return
        self._conversation.toggle(index)
        if self._conversation.entries[index].live:
            self._draw()
        else:
            self._choose(index)

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        event.stop()
        self.action_scroll(-_WHEEL)

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        event.stop()
        self.action_scroll(_WHEEL)

    def on_click(self, event: Click) -> None:
        places = [*self._reading.lines()]
        if event.y < len(places):
            self._conversation.choose(places[event.y][0])
            self._draw()

    def on_focus(self, event: Focus) -> None:
        separate(_ELSEWHERE)
        self._conversation.browsing = True
        self._draw()

    def on_blur(self, event: Blur) -> None:
        join(_ELSEWHERE)
        self._conversation.browsing = False
        self._draw()

    def _choose(self, index: int) -> None:
        self._conversation.choose(index)
        seen = sum(entry == index for entry, _ in self._reading.lines())
        if seen < self._conversation.height(index):
            self._reading.go((index, 0))
        self._draw_moved()

    def _draw_moved(self) -> None:
        self._draw()
        self.post_message(self.Moved())
