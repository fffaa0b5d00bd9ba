"""The order of keys, whatever becomes of the widgets they go through."""

import asyncio

import pytest
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.events import Key, MouseDown, MouseUp
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
    """Asks for a line, which has a way to go to it."""

    def compose(self) -> ComposeResult:
        with Vertical(), Vertical(), Vertical():
            yield Input()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.dismiss(event.value)


class Line(PacedApp):
    """A line, and keys for it."""

    def compose(self) -> ComposeResult:
        yield Input()

    def type(self, keys: str) -> None:
        """Press keys all at once."""
        for key in keys:
            name = "enter" if key == "\r" else key
            self.post_message(Key(name, key))


class Asking(Line):
    """Asks in a worker, as most actions do."""

    BINDINGS = [
        Binding("a", "ask", ""),
        Binding("p", "ask", "", priority=True),
        Binding("l", "dawdle", ""),
        Binding("n", "count", ""),
    ]
    answers: list[str]
    count = 0

    def on_mount(self) -> None:
        self.answers = []

    def compose(self) -> ComposeResult:
        yield Deaf()

    @work
    async def action_ask(self) -> None:
        self.answers.append(await self.push_screen_wait(Question()))

    async def action_dawdle(self) -> None:
        """Holds up the app for longer than a key is waited for."""
        await asyncio.sleep(3 * typeahead._LONGEST)
        self.action_ask()

    def action_count(self) -> None:
        self.count += 1


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


@pytest.mark.parametrize("key", ["a", "p", "l"])
async def test_keys_behind_one_that_asks_are_the_answer(key: str) -> None:
    app = Asking()
    async with app.run_test() as pilot:
        app.type(f"nnn{key}yes\rnnn{key}no\rnnn")
        while app.count < 9:
            await pilot.pause()
        assert app.answers == ["yes", "no"]
        assert app.count == 9


async def test_a_click_comes_when_the_letters_before_it_are_typed() -> None:
    app = Line()
    async with app.run_test() as pilot:
        line = app.query_one(Input)
        app.type("abcdef")
        for kind in (MouseDown, MouseUp):
            x, y = line.content_region.offset
            app.post_message(kind(None, x, y, 0, 0, 1, False, False, False))
        app.type("xyz")
        while len(line.value) < 9:
            await pilot.pause()
        assert line.value == "xyzabcdef"
