"""The order of keys, whatever becomes of the widgets they go through."""

import pytest
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.events import Key
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input

from tui.terminal import typeahead
from tui.terminal.paced import PacedApp
from tui.terminal.typeahead import Passed


class Deaf(Widget, can_focus=True):
    """Keeps to itself what should pass through it."""

    heard = ""

    def on_key(self, event: Key) -> None:
        self.heard += event.key

    def on_passed(self, event: Passed) -> None:
        event.stop()


class Question(ModalScreen[str]):
    """Asks for a line."""

    def compose(self) -> ComposeResult:
        yield Input()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.dismiss(event.value)


class Asking(PacedApp):
    """Asks in a worker, as most actions do."""

    BINDINGS = [Binding("a", "ask", ""), Binding("p", "ask", "", priority=True)]
    answers: list[str]

    def on_mount(self) -> None:
        self.answers = []

    def compose(self) -> ComposeResult:
        yield Deaf()

    @work
    async def action_ask(self) -> None:
        self.answers.append(await self.push_screen_wait(Question()))

    def type(self, keys: str) -> None:
        """Press keys all at once."""
        for key in keys:
            name = "enter" if key == "\r" else key
            self.post_message(Key(name, key))


@pytest.fixture(autouse=True)
def _impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typeahead, "_LONGEST", 0.1)


async def test_a_key_that_gets_lost_holds_up_the_next_ones_for_a_moment_only() -> None:
    app = Asking()
    async with app.run_test() as pilot:
        deaf = app.query_one(Deaf)
        deaf.focus()
        await pilot.pause()
        app.type("xyz")
        while deaf.heard != "xyz":
            await pilot.pause()


@pytest.mark.parametrize("key", ["a", "p"])
async def test_keys_behind_one_that_asks_are_the_answer(key: str) -> None:
    app = Asking()
    async with app.run_test() as pilot:
        app.type(f"{key}yes\r{key}no\r")
        while app.answers != ["yes", "no"]:
            await pilot.pause()
