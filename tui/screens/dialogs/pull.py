"""Which models to pull."""

import re
from typing import NamedTuple

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.timer import Timer

from tui.domain.fuzzy import ranked
from tui.domain.language import _
from tui.domain.models import Details, LocalModel
from tui.domain.names import BadModelName, ModelName
from tui.domain.plans import Plan
from tui.domain.pulls import Pull
from tui.screens.dialogs.dialog import Dialog
from tui.screens.dialogs.outlook import Outlook, about
from tui.widgets.choice_rows import ChoiceLine, choice_row, group_row
from tui.widgets.line_input import LineInput
from tui.widgets.rows import Rows
from tui.widgets.text import Text
from tui.worker.worker import Worker

_MOST = 200
"""Rows of the list: nobody reads on beyond."""
_REST = 0.4
"""Seconds without a key before registries are asked."""
_CONTEXT = 8192
"""Tokens that memory is reckoned with."""
_BETWEEN = re.compile(r"[\s,;]+")


class Wanted(NamedTuple):
    """What the user wants to have, and where."""

    names: list[str]
    hosts: list[str]


class PullDialog(Dialog[Wanted]):
    """Takes one name, completed from the catalogue, or several at once, for one host or more."""

    AUTO_FOCUS = "LineInput"
    BINDINGS = [
        Binding("enter", "take", _("pull"), id="pull.take"),
        Binding("tab", "complete", _("complete"), id="pull.complete"),
        Binding("ctrl+y", "hosts", _("to hosts"), id="pull.hosts"),
        Binding("down", "step(1)", _("next"), show=False, id="pull.down"),
        Binding("up", "step(-1)", _("before"), show=False, id="pull.up"),
        Binding("pagedown", "page(1)", _("page down"), show=False, id="pull.page_down"),
        Binding("pageup", "page(-1)", _("page up"), show=False, id="pull.page_up"),
    ]

    input = getters.query_one(LineInput)
    rows = getters.query_one(Rows)
    about = getters.query_one("#about", Text)

    def __init__(self, worker: Worker, host: str) -> None:
        status = worker.hosts.status(host)
        super().__init__(_("Pull to {host}").format(host=status.shown))
        self._worker = worker
        self._host = host
        self._here = {model.name for model in status.models or ()}
        self._known = {offer.name: offer for offer in worker.catalogue.offers()}
        self._plans: dict[str, Plan | None] = {}
        """What was found out about names, None where nothing could be."""
        self._resting: Timer | None = None

    def compose_body(self) -> ComposeResult:
        yield LineInput(placeholder=_("name:tag, or several"))
        yield Rows(_("Not in the catalogue; a registry may have it all the same."))
        yield Text(id="about")

    def on_mount(self) -> None:
        self.add_class("-list")
        self.rows.can_focus = False
        self._list()

    @on(LineInput.Changed)
    def _list(self) -> None:
        """Show what is typed, then what it may become."""
        names = self._typed()
        if len(names) > 1:
            lines = [self._line(name) for name in names]
            title = _("{n} models").format(n=len(names))
        else:
            lines = self._completed(names)
            title = _("name")
        head = [group_row("", title, columns=True, note="")] if lines else []
        first = lines[0].key if lines else None
        self.rows.show([*head, *map(choice_row, lines)], cursor_key=first)
        if names:
            self._tell()
        else:
            self._say()

    @on(Rows.Moved)
    def _tell(self) -> None:
        """Say what is known of what enter would pull; once the keys rest, find out the rest."""
        self._say()
        if self._resting is not None:
            self._resting.stop()
        wanted = self._wanted()
        if not self._plans.keys() >= {*wanted}:
            self._resting = self.set_timer(_REST, lambda: self._find_out(wanted))

    def _say(self) -> None:
        self.refresh_bindings()
        refused = self._refusal()
        warned = "".join(plan.warning for each in self._wanted() if (plan := self._plans.get(each)))
        self.about.colour = "$error" if refused else "$warning" if warned else "$muted"
        self.about.text = refused or about([self._outlook(name) for name in self._wanted()])

    @work(group="plans", exclusive=True)
    async def _find_out(self, names: list[str]) -> None:
        """Ask registries and the server about names, without downloading anything."""
        for name in names:
            if name not in self._plans:
                self._plans[name] = await self._worker.planner.plan(
                    Pull(id=name, name=name, host=self._host)
                )
                self._say()

    def _wanted(self) -> list[str]:
        """What enter would pull."""
        names = self._typed()
        if len(names) > 1:
            return [] if self._refusal() else [ModelName.parse(name).asked for name in names]
        return [self.rows.cursor_key] if self.rows.cursor_key else []

    def _outlook(self, name: str) -> Outlook:
        offer, plan = self._known.get(name), self._plans.get(name)
        size = plan.total if plan else offer.size if offer else 0
        memory = self._worker.memory
        details = Details(parameter_size=offer.parameters if offer else "")
        model = LocalModel(name=name, size=size, details=details)
        need = memory.need(self._host, model, _CONTEXT) if size else None
        return Outlook(name, offer, plan, name in self._plans, need, memory.vram(self._host))

    @on(Rows.Chosen)
    def action_take(self) -> None:
        """Pull what is typed, or the model under the cursor."""
        if wanted := self._wanted():
            self.dismiss(Wanted(wanted, [self._host]))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer other hosts where there are some, and something to pull."""
        if action != "hosts" or not self.is_mounted:
            return True
        return len(self._worker.hosts.names()) > 1 and bool(self._wanted())

    @work(group="hosts", exclusive=True)
    async def action_hosts(self) -> None:
        """Choose the hosts to pull to, and pull."""
        from tui.screens.dialogs.pull_hosts import PullHostsDialog

        names = self._wanted()
        outlooks = [self._outlook(name) for name in names]
        models = [LocalModel(name=each.name, size=each.size) for each in outlooks]
        hosts = await self.app.push_screen_wait(PullHostsDialog(self._worker, models))
        if hosts:
            self.dismiss(Wanted(names, hosts))

    def action_complete(self) -> None:
        """Write the name under the cursor into the line."""
        if self.rows.cursor_key and len(self._typed()) <= 1:
            self.input.value = self.rows.cursor_key
            self.input.cursor_position = len(self.input.value)

    def action_step(self, by: int) -> None:
        """Go to another row."""
        self.rows.action_step(by)

    def action_page(self, by: int) -> None:
        """Go on by a page."""
        self.rows.action_page(by)

    def _typed(self) -> list[str]:
        return [part for part in _BETWEEN.split(self.input.value) if part]

    def _refusal(self) -> str:
        for name in self._typed():
            try:
                ModelName.parse(name)
            except BadModelName as error:
                return str(error)
        return ""

    def _exact(self, names: list[str]) -> list[ChoiceLine]:
        """The name as it was typed, unless nothing can be called so."""
        if not names or self._refusal():
            return []
        return [self._line(ModelName.parse(names[0]).asked)]

    def _completed(self, names: list[str]) -> list[ChoiceLine]:
        """What is typed comes first if it looks whole, else behind what it may become."""
        exact = self._exact(names)
        found = ranked(self.input.value, self._known.values(), lambda offer: offer.name)
        completions = [
            self._line(offer.name, match.positions)
            for offer, match in found[:_MOST]
            if [offer.name] != [line.key for line in exact]
        ]
        whole = any(line.key in self._known for line in exact) or set("/:") & set(self.input.value)
        return [*exact, *completions] if whole else [*completions, *exact]

    def _line(self, name: str, hits: tuple[int, ...] = ()) -> ChoiceLine:
        offer = self._known.get(name)
        here = name in self._here
        return ChoiceLine(
            key=name,
            name=name,
            size=offer.size if offer else 0,
            context=offer.context if offer else 0,
            can=offer.can if offer else (),
            note=_("here already") if here else "",
            style="$success",
            hits=hits,
        )
