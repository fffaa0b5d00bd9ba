"""Which model to talk to."""

from collections.abc import Callable, Iterable, Sequence

import msgspec
from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding

from tui.domain.fleet import folded
from tui.domain.fuzzy import Match, fuzzy, ranked
from tui.domain.language import _
from tui.domain.models import LocalModel
from tui.domain.pulls import ACTIVE, Pull
from tui.domain.status import HostStatus
from tui.domain.units import percent
from tui.screens.dialogs.dialog import Dialog
from tui.store.catalogue import Offer, offers
from tui.widgets.choice_rows import ChoiceLine, choice_row, gap_row, group_row
from tui.widgets.filter_line import FilterLine
from tui.widgets.glyphs import g
from tui.widgets.line_input import LineInput
from tui.widgets.rows import Row, Rows
from tui.widgets.text import Rule

_MOST = 100
"""Models of the catalogue in the list: nobody reads on beyond."""
_HERE, _AT, _THERE = "here ", "at ", "there "
_BETWEEN = "\n"


class Choice(msgspec.Struct, frozen=True):
    """What the user picked."""

    model: str
    host: str
    new_chat: bool = False
    pull: bool = False
    """Whether the model is not there yet."""


class ModelPicker(Dialog[Choice]):
    """Finds a model of any host by some of its letters, or one that could be pulled."""

    AUTO_FOCUS = "LineInput"
    BINDINGS = [
        Binding("enter", "use", _("use here"), id="picker.use"),
        Binding("enter", "pull", _("pull"), id="picker.pull"),
        Binding("ctrl+n", "use(True)", _("in a new chat"), id="picker.new"),
        Binding("down", "step(1)", _("next"), show=False, id="picker.down"),
        Binding("up", "step(-1)", _("before"), show=False, id="picker.up"),
        Binding("pagedown", "page(1)", _("page down"), show=False, id="picker.page_down"),
        Binding("pageup", "page(-1)", _("page up"), show=False, id="picker.page_up"),
    ]

    line = getters.query_one(FilterLine)
    rows = getters.query_one(Rows)

    def __init__(
        self, title: str, hosts: Sequence[HostStatus], pulls: Sequence[Pull] = (), current: str = ""
    ) -> None:
        """The first of the hosts is the one that is meant; `current` is where the cursor begins."""
        super().__init__(title)
        self._status = status = hosts[0]
        self._current = current
        self._models = {each.name: sorted(each.models or (), key=_order(each)) for each in hosts}
        self._shown = {each.name: each for each in hosts}
        self._elsewhere = {
            folded(model.name): each.shown for each in reversed(hosts[1:]) for model in each.running
        }
        """Hosts that have a model loaded, by its name, other than the one that is meant."""
        here = {model.name for model in self._models[status.name]}
        # Where models are chosen at the start of their server, none can be pulled.
        self._offers = [o for o in offers() if o.name not in here and not status.is_fixed]
        self._pulling = {
            pull.name: pull.fraction
            for pull in pulls
            if pull.state in ACTIVE and pull.host == status.name
        }

    def compose_body(self) -> ComposeResult:
        yield FilterLine(_("letters of a name"))
        yield Rule()
        yield Rows()

    def on_mount(self) -> None:
        self.add_class("-list")
        self.rows.can_focus = False
        self._list()
        self.rows.move_to(_HERE + self._current)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Enter uses a model that a host has, and pulls one that none has."""
        if not self.is_mounted or action not in ("use", "pull"):
            return True
        key = self.rows.cursor_key or ""
        return key.startswith(_THERE if action == "pull" else (_HERE, _AT))

    @on(LineInput.Changed)
    def _list(self) -> None:
        """Show what matches, the best first."""
        query = self.line.input.value
        lines = [row for name in self._order(query) for row in self._on_host(name, query)]
        wanted = bool(query.strip()) or not self._models[self._status.name]
        there = ranked(query, self._offers, lambda offer: offer.name) if wanted else []
        count = sum(row.selectable for row in lines) + len(there)
        offers = self._group(
            _("not here: enter pulls"),
            [self._offer(offer, match) for offer, match in there[:_MOST]],
            columns=not lines,
        )
        lines += [*([gap_row("gap")] if lines and there else []), *offers]
        known = sum(map(len, self._models.values())) + len(self._offers)
        self.line.count.text = _("{n} of {all}").format(n=f"{count:,}", all=f"{known:,}")
        empty = _('Nothing matches "{query}". esc leaves.').format(query=query.strip())
        first = next((row.key for row in lines if row.selectable), None)
        self.rows.show(lines, cursor_key=first, empty=empty)
        self.refresh_bindings()

    def _order(self, query: str) -> list[str]:
        """The host that is meant, then those that have loaded what matches, then the others."""
        first, *others = self._models

        def has_loaded(name: str) -> bool:
            return any(fuzzy(query, model.name) for model in self._shown[name].running)

        return [first, *sorted(others, key=lambda name: not has_loaded(name))]

    def _on_host(self, name: str, query: str) -> list[Row]:
        """The models of a host that match, below its name."""
        found = ranked(query, self._models[name], lambda model: model.name)
        is_first = name == self._status.name
        title = _("on {host}").format(host=self._shown[name].shown)
        choices = [self._local(name, model, match) for model, match in found]
        gap = [gap_row(f"gap {name}")] if found and not is_first else []
        return [*gap, *self._group(title, choices, columns=is_first)]

    @on(Rows.Moved)
    def _moved(self) -> None:
        self.refresh_bindings()

    @on(Rows.Chosen)
    def _choose(self) -> None:
        self.action_use()

    def action_use(self, new_chat: bool = False) -> None:
        """Talk to the model under the cursor."""
        key = self.rows.cursor_key or ""
        if key.startswith(_THERE):
            name = key.removeprefix(_THERE)
            self.dismiss(Choice(name, self._status.name, new_chat, pull=True))
        elif key.startswith(_AT):
            host, _between, name = key.removeprefix(_AT).partition(_BETWEEN)
            self.dismiss(Choice(name, host, new_chat))
        elif key:
            self.dismiss(Choice(key.removeprefix(_HERE), self._status.name, new_chat))

    def action_pull(self) -> None:
        """Pull the model under the cursor."""
        self.action_use()

    def action_step(self, by: int) -> None:
        """Go to another row."""
        self.rows.action_step(by)

    def action_page(self, by: int) -> None:
        """Go on by a page."""
        self.rows.action_page(by)

    def _group(
        self, title: str, choices: list[ChoiceLine], *, columns: bool = True
    ) -> Iterable[Row]:
        if choices:
            yield group_row(title, title, columns=columns)
            yield from map(choice_row, choices)

    def _local(self, host: str, model: LocalModel, match: Match) -> ChoiceLine:
        loaded = _is_loaded(self._shown[host], model)
        is_first = host == self._status.name
        there = self._elsewhere.get(folded(model.name), "") if is_first else ""
        note = _("loaded") if loaded else f"{g.up} {there}" if there else ""
        return ChoiceLine(
            key=_HERE + model.name if is_first else f"{_AT}{host}{_BETWEEN}{model.name}",
            name=model.name,
            size=model.size,
            context=model.details.context_length or 0,
            can=tuple(model.capabilities or ()),
            note=note,
            style="$success" if note else "$muted",
            hits=match.positions,
        )

    def _offer(self, offer: Offer, match: Match) -> ChoiceLine:
        share = self._pulling.get(offer.name)
        note = _("downloading {share}").format(share=percent(share)) if share is not None else ""
        return ChoiceLine(
            key=_THERE + offer.name,
            name=offer.name,
            size=offer.size,
            context=offer.context,
            can=offer.can,
            note=note,
            style="$accent",
            hits=match.positions,
        )


def _order(status: HostStatus) -> Callable[[LocalModel], tuple[bool, str]]:
    """Loaded models first."""
    return lambda model: (not _is_loaded(status, model), model.name.lower())


def _is_loaded(status: HostStatus, model: LocalModel) -> bool:
    return any(each.name == model.name for each in status.running)
