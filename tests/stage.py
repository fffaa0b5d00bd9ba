"""An app that shows one page of the program, as the program's own app would."""

import asyncio
from collections.abc import Callable
from typing import Any

from textual.binding import Binding
from textual.message import Message
from textual.screen import ModalScreen, Screen

from scripted_worker import ScriptedWorker
from tui.screens.signals import Signals
from tui.worker.events import Event
from tui.worker.worker import Worker
from widget_host import Host


class Stage(Host):
    """Shows a page made from a worker and its signals, and remembers the page's messages."""

    BINDINGS = [
        Binding("question_mark", "about", "keys", id="app.keys"),
        Binding("ctrl+q", "quit", "quit", show=False, id="app.quit"),
    ]

    def __init__(
        self,
        make: Callable[[Any, Signals], Screen[None]],
        worker: ScriptedWorker | Worker | None = None,
    ) -> None:
        super().__init__()
        self.serving = worker or ScriptedWorker()
        self.signals = Signals(self)
        if isinstance(self.serving, Worker):
            self.serving.events.subscribe(self._pass_on)
        self.make = make
        self.posted: list[Message] = []
        self.told: list[str] = []

    async def on_mount(self) -> None:
        await self.push_screen(self.make(self.serving, self.signals))

    def _pass_on(self, event: Event) -> None:
        self.signals.publish(event)

    def action_about(self) -> None:
        """Nothing to show."""

    def notify(self, message: str, **_how: object) -> None:
        self.told.append(message)

    async def until(self, true: Callable[[], object]) -> None:
        """Wait until something has come true, at most 10 s."""
        async with asyncio.timeout(10):
            while not true():
                await asyncio.sleep(0.01)

    def remembers(self, kind: type[Message]) -> list[Any]:
        """The messages of a kind that reached the app."""
        return [message for message in self.posted if isinstance(message, kind)]

    async def _on_message(self, message: Message) -> None:
        self.posted.append(message)
        await super()._on_message(message)


class Asker(Host):
    """Shows a dialog and remembers its answer."""

    def __init__(self, dialog: ModalScreen[Any]) -> None:
        super().__init__()
        self.dialog = dialog
        self.answers: list[object] = []

    async def on_mount(self) -> None:
        await self.push_screen(self.dialog, self.answers.append)

    async def until(self, true: Callable[[], object]) -> None:
        """Wait until something has come true, at most 10 s."""
        async with asyncio.timeout(10):
            while not true():
                await asyncio.sleep(0.01)
