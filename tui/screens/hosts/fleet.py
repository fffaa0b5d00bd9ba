"""All hosts at a glance: which has which model, which has it loaded, and what each is doing."""

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding

from tui.domain.fleet import FleetModel
from tui.domain.language import _
from tui.screens.filters import turned
from tui.screens.hosts.fleet_actions import FleetActions, Pair
from tui.screens.hosts.fleet_values import ALL, FILTERS, ORDERS, Overview
from tui.screens.hosts.fleet_words import note
from tui.screens.pacing import SELDOM, Paced
from tui.screens.signals import Signals
from tui.widgets.filter_line import FilterLine
from tui.widgets.fleet_heading import FleetHead, FleetHeading, FleetNote
from tui.widgets.fleet_table import FleetLine, FleetTable, key_of
from tui.widgets.line_input import LineInput
from tui.widgets.lines import muted
from tui.widgets.rows import Rows
from tui.widgets.tab_strip import Strip
from tui.worker.worker import Worker

_TYPING = frozenset({"leave", "browse"})
"""What else can be done while the filter is typed."""


class FleetPage(FleetActions):
    """A table of models by hosts, live while it is looked at."""

    AUTO_FOCUS = "FleetTable"
    BINDINGS = [
        Binding("p", "pull", _("pull to"), tooltip=_("pull it to hosts"), id="fleet.pull"),
        Binding("space", "mark", _("mark"), tooltip=_("mark it, to be asked"), id="fleet.mark"),
        Binding("m", "ask", _("ask these"), tooltip=_("ask all that are marked"), id="fleet.ask"),
        Binding("escape,q", "leave", _("back"), id="fleet.leave"),
        Binding("slash", "filter", _("filter"), id="fleet.filter"),
        Binding("s", "sort", _("sort"), id="fleet.sort"),
        Binding("l", "load", _("load"), id="fleet.load"),
        Binding("u", "unload", _("unload"), id="fleet.unload"),
        Binding("d", "delete", _("delete"), id="fleet.delete"),
        Binding("r", "look", _("look again"), id="fleet.look"),
        Binding("less_than_sign", "turn(-1)", _("filter before"), show=False, id="fleet.before"),
        Binding("greater_than_sign", "turn(1)", _("next filter"), show=False, id="fleet.next"),
        Binding("enter", "browse", _("to the list"), id="fleet.browse"),
    ]

    strip = getters.query_one(Strip)
    line = getters.query_one(FilterLine)
    heading = getters.query_one(FleetHeading)
    table = getters.query_one(FleetTable)
    note = getters.query_one(FleetNote)

    def __init__(self, worker: Worker, signals: Signals) -> None:
        super().__init__(worker, signals)
        self.title = _("Hosts")
        self.overview = Overview(worker)
        self._filter = ALL
        self._order = 0
        self._lines: dict[str, FleetLine] = {}
        self._marked: list[Pair] = []
        """What is to be asked, by names of models as the rows have them."""
        self._list_soon = Paced(self, self._look)
        self._seldom = Paced(self, self._look, SELDOM)

    def compose_body(self) -> ComposeResult:
        yield Strip()
        yield FilterLine(_("letters of a name"))
        yield FleetHeading()
        yield FleetTable(self.overview.best)
        yield FleetNote()

    def on_mount(self) -> None:
        self.signals.hosts.subscribe(self, self._list_soon)
        self.signals.pulls.subscribe(self, self._seldom)
        self.signals.replies.subscribe(self, self._seldom)
        self.set_interval(60, self._list)
        self._look()

    def on_screen_resume(self) -> None:
        self._look()

    # --- what can be done ---

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what makes sense for what is under the cursor."""
        if not self.is_mounted:
            return True
        is_typing = self.focused is self.line.input
        if is_typing or action == "browse":
            return is_typing and action in _TYPING
        return self.can(action)

    @property
    def meant(self) -> FleetModel | None:
        entry = self._lines.get(self.table.cursor_key or "")
        return entry.model if entry else None

    @property
    def there(self) -> str:
        """The host under the cursor, else the one that the model is best asked on."""
        return self.table.host or (self.overview.best(self.meant) if self.meant else "")

    @property
    def marked(self) -> list[Pair]:
        return [*self._marked]

    @on(FleetActions.ChatWanted)
    def _note_asked(self, event: FleetActions.ChatWanted) -> None:
        """What was marked has been asked."""
        if event.question:
            self._marked.clear()

    @on(Rows.Chosen)
    def _chat(self) -> None:
        self.chat()

    def action_mark(self) -> None:
        """Mark the model on this host to be asked, or no longer, and go on to the next."""
        if self.meant is None:
            return
        pair = Pair(self.meant.name, self.there)
        if pair in self._marked:
            self._marked.remove(pair)
        else:
            self._marked.append(pair)
        self._list()
        self.table.action_step(1)

    def action_filter(self) -> None:
        """Type letters of a name."""
        self.add_class("-filter")
        self.line.input.focus()

    def action_browse(self) -> None:
        """Go from the filter to what it found."""
        self._list()  # the last letter may not have been heard of yet
        self.set_focus(self.table)

    def action_leave(self) -> None:
        """Go back by one step: from the filter, the marks, the page."""
        if self.has_class("-filter"):
            self.line.input.value = ""
            self.remove_class("-filter")
            self.set_focus(self.table)
        elif self._marked:
            self._marked.clear()
        else:
            self.dismiss()
        self._list()

    def action_sort(self) -> None:
        """Sort in another way."""
        self._order = (self._order + 1) % len(ORDERS)
        self._list()

    def action_look(self) -> None:
        """Ask every host now, for its models too."""
        for name in self.worker.hosts.names():
            self.worker.hosts.look(name)

    def action_turn(self, by: int) -> None:
        """Go to the next filter, or the one before."""
        self._filter = turned(FILTERS, self._filter, by)
        self._list()

    @on(Strip.Chosen)
    def _choose_filter(self, event: Strip.Chosen) -> None:
        self._filter = event.key
        self._list()

    @on(LineInput.Changed)
    def _narrow(self) -> None:
        self._list()

    # --- what is shown ---

    def _look(self) -> None:
        """Take in what is known now."""
        if self.is_seen:
            self.overview.look()
            self._list()

    def _list(self) -> None:
        """Show what is left of it by the filters."""
        if not self.is_seen:
            return
        order = ORDERS[self._order]
        lines = self.overview.lines(self._filter, self.line.input.value, order, self._marked)
        self._lines = {key_of(each): each for each in lines}
        self.table.show_fleet(self.overview.hosts, lines, self._nothing())
        self.strip.tabs = self.overview.tabs()
        self.strip.active = self._filter
        marks = _("{n} marked").format(n=len(self._marked)) if self._marked else ""
        self.strip.right = muted("   ".join(filter(None, (marks, order.title))))
        found = _("{n} of {all}").format(n=len(lines), all=len(self.overview.models))
        self.line.count.text = found
        self._tell()

    @on(Rows.Moved)
    @on(FleetTable.Turned)
    def _tell(self) -> None:
        """What stands above and below the table goes with its cursor."""
        self.heading.value = FleetHead(self.overview.heads(), self.table.sight)
        here = self.meant
        self.note.said = note(self.overview, here, self.table.host) if here else ("", "", "")
        self.refresh_bindings()

    def _nothing(self) -> str:
        """Why the table is empty."""
        if query := self.line.input.value.strip():
            return _('Nothing matches "{query}". esc clears.').format(query=query)
        if self._filter != ALL and self.overview.models:
            return _("None of these.")
        if any(each.state == "connecting" for each in self.overview.hosts):
            return _("asking...")
        return _("No model on any host that is up. p on screen 2 pulls one.")
