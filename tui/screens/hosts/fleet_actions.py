"""What can be done to a model on a host, wherever that is."""

from dataclasses import dataclass
from typing import NamedTuple

from textual import work
from textual.message import Message

from tui.domain.fleet import FleetModel
from tui.domain.language import _, many
from tui.domain.models import LocalModel
from tui.domain.status import HostStatus
from tui.screens.hosts.overseeing import Overseeing
from tui.screens.models.actions import ModelActions


class Pair(NamedTuple):
    """A model, and the host that it is to be asked on."""

    model: str
    host: str


class FleetActions(ModelActions, Overseeing):
    """A page with a cursor on a model and a host; a subclass says which."""

    @dataclass
    class ChatWanted(Message):
        """The user wants to talk to a model there, or asks several the same."""

        pairs: list[Pair]
        question: str = ""

    @property
    def meant(self) -> FleetModel | None:
        """The model under the cursor."""
        raise NotImplementedError  # the page has the table

    @property
    def marked(self) -> list[Pair]:
        """What is marked, in the order in which it was."""
        raise NotImplementedError  # the page has the marks

    @property
    def status(self) -> HostStatus:
        """The host that is meant."""
        return self.worker.hosts.status(self.there)

    @property
    def chosen(self) -> LocalModel | None:
        """The model under the cursor as its host has it; None where that has it not."""
        return self.meant.held.get(self.there) if self.meant else None

    def can(self, action: str) -> bool:
        """Whether an action makes sense for what is under the cursor."""
        model, is_up = self.meant, self.status.state == "up"
        is_tended = is_up and not self.status.is_fixed
        runs = model is not None and self.there in model.running
        offered = {
            "pull": model is not None and self._is_pullable(model),
            "mark": is_up and (runs or self.chosen is not None),
            "ask": bool(self.marked),
            "load": is_tended and self.chosen is not None and not runs,
            "unload": is_tended and runs,
            "delete": is_tended and self.chosen is not None,
        }
        return offered.get(action, True)

    def _is_pullable(self, model: FleetModel) -> bool:
        """Whether its name is one that hosts pull by, and not only that of an operator."""
        return bool(model.coming) or not all(
            self.worker.hosts.status(name).is_fixed for name in (*model.held, *model.running)
        )

    def chat(self) -> None:
        """Talk to the model under the cursor, on its host; where that lacks it, offer to pull."""
        model, status = self.meant, self.status
        if model is None:
            return
        if not self.there or status.state != "up":
            text = _("No host that has {model} is up; 4 says why.")
            if self.there:
                text = _("{host} is not up: {why}")
            said = text.format(model=model.name, host=status.shown, why=status.error or "...")
            self.notify(said, severity="warning", markup=False)
        elif status.name in model.held or status.name in model.running:
            held = model.held.get(status.name) or model.running[status.name]
            self.post_message(self.ChatWanted([Pair(held.name, status.name)]))
        elif self.keeps_models(status.name):
            self.ask_hosts([_as_asked(model)], [status.name])

    def action_pull(self) -> None:
        """Pull the model under the cursor to hosts that lack it."""
        if self.meant:
            self.ask_hosts([_as_asked(self.meant)])

    def loads(self, name: str, *, begins: bool) -> None:
        if begins:
            text = _("{model} is being loaded on {host}.")
            self.notify(text.format(model=name, host=self.status.shown), markup=False)

    @work(group="ask", exclusive=True)
    async def action_ask(self) -> None:
        """Ask all that is marked the same question, in a new chat."""
        from tui.screens.dialogs.name import NameDialog

        pairs = self.marked
        title = many("Ask {n} model", "Ask {n} models the same", len(pairs)).format(n=len(pairs))
        about = _("the question; their answers stand side by side")
        if question := await self.app.push_screen_wait(NameDialog(title, about=about)):
            self.post_message(self.ChatWanted(pairs, question))


def _as_asked(model: FleetModel) -> LocalModel:
    """What is to be pulled: the name, and what is known of its size."""
    known = max(model.held.values(), key=lambda each: each.size, default=None)
    return known or LocalModel(name=model.name)
