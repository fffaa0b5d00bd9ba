"""Completion in the prompt: commands, names of models, files."""

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from textual import work
from textual.events import Click

from tui.domain.language import _
from tui.widgets.offers import Offer, Offers
from tui.widgets.prompt import Prompt
from tui.worker.worker import Worker

if TYPE_CHECKING:
    from tui.domain.completion import Wanted
    from tui.store.listing import Listed

_PATIENCE = 2.0
"""Seconds that a folder may take to be read."""


class Completing(Offers):
    """Opens with tab, and follows what is typed until it fits nothing."""

    def __init__(self, worker: Worker, prompt: Prompt) -> None:
        super().__init__()
        self._worker = worker
        self._prompt = prompt
        self.host = ""
        """Whose models are offered; empty for the host in use."""
        self._folder: Path | None = None
        self._listed: list[Listed] | None = None
        """What is in that folder; None while it is being read."""
        self._tabbed = False
        """Whether tab was pressed and nothing has been offered yet."""

    def begin(self) -> None:
        self._listed = self._folder = None
        self.is_open = self._tabbed = True
        self.refresh_offers()

    def refresh_offers(self) -> None:
        if not self.is_open:
            return
        word = self._word()
        if word is None:
            self.close()
        elif word.kind != "file":
            self._offer(self._names(word), word)
        elif self._knows(_folder_of(word.word)):
            self._offer(self._files(word), word)

    def on_click(self, event: Click) -> None:
        """Take the row under the mouse."""
        self.place = min(self.top + event.y, len(self.offers) - 1)
        self._prompt.choose("enter")

    def _word(self) -> "Wanted | None":
        from tui.domain.completion import wanted

        row, column = self._prompt.cursor_location
        return wanted(self._prompt.document.get_line(row)[:column], row)

    def _offer(self, offers: list[Offer], word: "Wanted") -> None:
        only, self._tabbed = self._tabbed and len(offers) == 1, False
        if offers:
            self.show(offers, word.start)
        else:
            self.close()
        if only:
            self._prompt.take(offers[0])

    # --- commands and models ---

    def _names(self, word: "Wanted") -> list[Offer]:
        match word.kind:
            case "command":
                return [*_commands(word.word)]
            case "host":
                return [*self._hosts(word.word)]
        return [*self._models(word.word)]

    def _hosts(self, typed: str) -> Iterable[Offer]:
        from tui.domain.fuzzy import ranked

        for host, match in ranked(typed, self._worker.hosts.all(), lambda each: each.shown):
            yield Offer(host.shown, host.shown, host.address, match.positions)

    def _models(self, typed: str) -> Iterable[Offer]:
        from tui.domain.fuzzy import ranked
        from tui.domain.units import size

        models = self._worker.hosts.status(self.host or self._worker.hosts.current).models or ()
        for model, match in ranked(typed, models, lambda each: each.name):
            about = size(model.size) if model.size else ""
            yield Offer(model.name, model.name, about, match.positions)

    # --- files ---

    def _knows(self, folder: Path) -> bool:
        """Whether the folder has been read; else that begins."""
        if folder != self._folder:
            self._folder, self._listed = folder, None
            self.show((), self.start)
            self._read(folder)
        return self._listed is not None

    @work(group="completion", exclusive=True)
    async def _read(self, folder: Path) -> None:
        from tui.store.listing import listing
        from tui.worker.apart import apart

        try:
            self._listed = await apart(partial(listing, folder), _PATIENCE)
        except TimeoutError:
            text = _("{folder} could not be read in time.").format(folder=folder)
            self.notify(text, severity="warning", markup=False)
            self.close()
        self.refresh_offers()

    def _files(self, word: "Wanted") -> list[Offer]:
        from tui.domain.fuzzy import ranked
        from tui.domain.references import reference_to

        folder, slash, name = word.word.rpartition("/")
        shown = [
            each
            for each in self._listed or ()
            if name.startswith(".") or not each.name.startswith(".")
        ]
        return [
            Offer(
                each.name + "/" * each.is_folder,
                reference_to(folder + slash + each.name) + ("/" if each.is_folder else " "),
                hits=match.positions,
                goes_on=each.is_folder,
            )
            for each, match in ranked(name, shown, lambda each: each.name)
        ]


def _folder_of(path: str) -> Path:
    folder, slash, _name = path.rpartition("/")
    return Path(folder + slash)


def _commands(typed: str) -> Iterable[Offer]:
    from tui.domain.fuzzy import ranked
    from tui.screens.chats.slash import COMMANDS

    names = [(name, command) for command in COMMANDS for name in command.names]
    for (name, command), match in ranked(typed, names, lambda each: each[0]):
        hits = tuple(at + 1 for at in match.positions)
        yield Offer(f"/{name}", f"/{name} " if command.takes else f"/{name}", command.about, hits)
