"""Where a message is written, with what helps to write it."""

import asyncio

from textual import getters, on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import TextArea

from tui.domain.references import reference_to
from tui.screens.chats.completing import Completing
from tui.store.listing import exists
from tui.widgets.prompt import Prompt
from tui.worker.worker import Worker


class Writing(Vertical):
    """The prompt, and above it what a word in it could become."""

    prompt = getters.query_one(Prompt)
    completing = getters.query_one(Completing)

    def __init__(self, worker: Worker) -> None:
        super().__init__()
        self._worker = worker

    def compose(self) -> ComposeResult:
        prompt = Prompt()
        prompt.offers = Completing(self._worker, prompt)
        yield prompt.offers
        yield prompt

    @on(Prompt.ImageDropped)
    @work(group="dropped")
    async def _take_in(self, event: Prompt.ImageDropped) -> None:
        """A picture that is really there goes with the message."""
        if await asyncio.to_thread(exists, event.path):
            self.prompt.exchange(event.pasted, reference_to(event.path))

    @on(TextArea.Changed)
    def _narrow(self) -> None:
        self.completing.refresh_offers()
