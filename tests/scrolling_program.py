"""A conversation to push about in a terminal: each key does one thing to it.

Run as a program by `pty/test_scrolling.py`, which compares what stands on the screen with what a
full repaint would put there.
"""

from collections.abc import Iterator
from itertools import count, cycle

from msgspec.structs import replace
from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.domain import clock
from tui.domain.session import Message, Role, new_id
from tui.widgets.chat_status import ChatStatus, StatusLine
from tui.widgets.entry import Entry, Live
from tui.widgets.prompt import Prompt
from tui.widgets.tab_strip import Strip, Tab
from tui.widgets.transcript import Transcript
from widget_host import Host

PIECES = (
    "A few words, ",
    "`code` and **more** of them. ",
    "所以闭包必须拥有它用到的一切，",
    "👩‍💻 writes, ⚠️ warns, 🇩🇪 and 🚀 too, nai\u0308ve; ",
    "\n\nA new paragraph begins here. ",
    "\n\n```python\ndef f(x):\n    return x\n```\n\n",
    "\n\n| a | b |\n|---|---|\n| 1 | two |\n\n",
    "- an entry\n- another\n\n",
)
KEYS = {
    "a": "grow",
    "e": "finish",
    "n": "ask",
    "k": "scroll(-1)",
    "j": "scroll(1)",
    "K": "scroll(-7)",
    "J": "scroll(7)",
    "G": "follow",
    "t": "tell",
    "m": "cover",
    "p": "write",
    "s": "state",
    "w": "wait",
    "z": "settle",
    "v": "repaint",
}


class Cover(ModalScreen[None]):
    """Something that lies over the transcript."""

    # A modal screen hears no keys of the app's.
    BINDINGS = [Binding(key, f"app.{action}", id=f"cover.{key}") for key, action in KEYS.items()]

    CSS = (
        "Cover { align: center middle; background: transparent; } Static { width: 20; height: 5; }"
    )

    def compose(self) -> ComposeResult:
        yield Static("covered")


class Scrolling(Host):
    """The parts of a chat, and keys that move them."""

    BINDINGS = [Binding(key, action, id=f"do.{key}") for key, action in KEYS.items()]

    def __init__(self) -> None:
        super().__init__()
        self.transcript = Transcript()
        self.pieces: Iterator[str] = cycle(PIECES)
        self.numbers = count(1)
        self.live: Message | None = None

    def compose(self) -> ComposeResult:
        yield Strip()
        yield self.transcript
        yield ChatStatus()
        yield Prompt()

    def on_mount(self) -> None:
        self.transcript.focus()
        self.title_is("ready")

    def title_is(self, title: str) -> None:
        """Say it where it can be seen: Textual does not paint what lies under a modal screen."""
        if isinstance(self.screen, Cover):
            self.screen.query_one(Static).update(title)
        self.screen_stack[0].query_one(Strip).tabs = (Tab("a", title),)

    def message(self, role: Role, content: str) -> Message:
        return Message(
            id=new_id(), parent=None, role=role, content=content, created_at=clock.now(), model="m"
        )

    def action_ask(self) -> None:
        self.action_finish()
        self.transcript.update(Entry(self.message("user", "Why? " * next(self.numbers))))

    def action_grow(self) -> None:
        self.live = self.live or self.message("assistant", "")
        self.live = replace(self.live, content=self.live.content + next(self.pieces))
        self.transcript.update(Entry(self.live, live=Live("answering", clock.now())))

    def action_finish(self) -> None:
        if self.live:
            self.transcript.update(Entry(self.live))
        self.live = None

    def action_scroll(self, by: int) -> None:
        self.transcript.action_scroll(by)

    def action_follow(self) -> None:
        self.transcript.follow()

    def action_tell(self) -> None:
        self.notify("told", timeout=0.3)

    def action_cover(self) -> None:
        if isinstance(self.screen, Cover):
            self.pop_screen()
        else:
            self.push_screen(Cover())

    def action_write(self) -> None:
        prompt = self.screen_stack[0].query_one(Prompt)
        prompt.text = "" if "\n" in prompt.text else "a\nb"

    def action_state(self) -> None:
        status = self.screen_stack[0].query_one(ChatStatus)
        status.value = StatusLine(used=next(self.numbers))

    def action_wait(self) -> None:
        """Say that what came before has been done."""
        self.call_later(self.title_is, f"waited {next(self.numbers)}.")

    def action_settle(self) -> None:
        """Draw what is waiting, then say so."""
        self.clear_notifications()
        self.action_finish()
        self.set_timer(0.1, self.say_settled)

    def say_settled(self) -> None:
        """Once toasts and covers are gone."""
        if len(self.screen_stack) > 1 or self.screen.query("Toast"):
            if isinstance(self.screen, Cover):
                self.pop_screen()
            self.set_timer(0.05, self.say_settled)
        else:
            self.call_after_refresh(self.title_is, f"settled {next(self.numbers)}.")

    def action_repaint(self) -> None:
        self.screen.refresh()
        self.title_is(f"painted {next(self.numbers)}.")


if __name__ == "__main__":
    Scrolling().run()
