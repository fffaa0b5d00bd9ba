"""Where a message is written, with what helps to write it."""

from contextlib import suppress
from functools import partial

from textual import getters, on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import TextArea

from tui.screens.chats.completing import Completing
from tui.screens.chats.history import History
from tui.widgets.prompt import Prompt
from tui.worker.worker import Worker

_PATIENCE = 2.0
"""Seconds that a disk may take to know a file."""


class Writing(Vertical):
    """The prompt, and above it what a word in it could become."""

    prompt = getters.query_one(Prompt)
    completing = getters.query_one(Completing)

    def __init__(self, worker: Worker) -> None:
        super().__init__()
        self._worker = worker
        self._history: History | None = None
        self._recalled = ""
        """What it put into the prompt: whoever changes that begins another walk."""

    def compose(self) -> ComposeResult:
        prompt = Prompt()
        prompt.offers = Completing(self._worker, prompt)
        yield prompt.offers
        yield prompt

    @on(Prompt.HistoryWanted)
    def _recall(self, event: Prompt.HistoryWanted) -> None:
        """Walk through what was sent before; what was typed and left is found there, too."""
        event.stop()
        typed = self.prompt.draft
        if self._history is None or typed != self._recalled:
            left = [self._history.draft] if self._history and self._history.draft else []
            self._history = History([*self._worker.workspace.history(), *left], typed)
        text = self._history.step(event.direction)
        if text is not None:
            self.prompt.load_text(text)
        self._recalled = self.prompt.draft

    @on(Prompt.Submitted)
    def _forget(self) -> None:
        self._history = None

    @on(Prompt.ImageDropped)
    @work(group="dropped")
    async def _take_in(self, event: Prompt.ImageDropped) -> None:
        """A picture that is really there goes with the message."""
        from tui.domain.references import reference_to
        from tui.store.listing import exists
        from tui.worker.apart import apart

        with suppress(TimeoutError):
            if await apart(partial(exists, event.path), _PATIENCE):
                self.prompt.exchange(event.pasted, reference_to(event.path))

    @on(TextArea.Changed)
    def _narrow(self) -> None:
        self.completing.refresh_offers()
