"""Where a message is written, with what helps to write it."""

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import TextArea

from tui.screens.chats.completing import Completing
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

    @on(TextArea.Changed)
    def _narrow(self) -> None:
        self.completing.refresh_offers()
