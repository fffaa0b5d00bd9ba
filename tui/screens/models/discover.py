"""A page that finds models to pull, and says whether they fit."""

from datetime import UTC, datetime

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding

from tui.api.errors import OllamaError
from tui.domain import clock
from tui.domain.language import _, many
from tui.domain.models import LocalModel
from tui.domain.units import ago
from tui.paths import stylesheet
from tui.screens.filters import turned
from tui.screens.models.finding import ABILITIES, ALL, CONTEXTS, Found, found, need_of
from tui.screens.pacing import Paced
from tui.screens.page import LOW
from tui.screens.pulling import PullAsking
from tui.screens.signals import Signals
from tui.widgets.choice_rows import choice_row, group_row
from tui.widgets.filter_line import FilterLine
from tui.widgets.line_input import LineInput
from tui.widgets.lines import dots, muted
from tui.widgets.memory_words import need_words, reckoned
from tui.widgets.model_table import context_of
from tui.widgets.rows import Rows
from tui.widgets.tab_strip import Strip, Tab
from tui.widgets.text import Text
from tui.worker.worker import Worker


class DiscoverPage(PullAsking):
    """What is typed finds names and descriptions; enter pulls, also what no list knows."""

    CSS_PATH = stylesheet("models")
    AUTO_FOCUS = "LineInput"
    BINDINGS = [
        Binding("enter", "pull", _("pull"), id="discover.pull"),
        Binding("ctrl+y", "pull_to", _("pull to hosts"), id="discover.pull_to"),
        Binding("tab", "turn(1)", _("next filter"), id="discover.turn"),
        Binding("shift+tab", "turn(-1)", _("filter before"), show=False, id="discover.back"),
        Binding("ctrl+t", "context", _("context"), id="discover.context"),
        Binding(
            "ctrl+g",
            "refresh",
            _("what is new"),
            tooltip=_("read the library's pages"),
            id="discover.refresh",
        ),
        Binding("down", "step(1)", _("next"), show=False, id="discover.down"),
        Binding("up", "step(-1)", _("before"), show=False, id="discover.up"),
        Binding("pagedown", "page(1)", _("page down"), show=False, id="discover.page_down"),
        Binding("pageup", "page(-1)", _("page up"), show=False, id="discover.page_up"),
        Binding("escape", "leave", _("back"), id="discover.leave"),
    ]

    strip = getters.query_one(Strip)
    line = getters.query_one(FilterLine)
    rows = getters.query_one(Rows)
    about = getters.query_one("#about", Text)

    def __init__(self, worker: Worker, signals: Signals, query: str = "") -> None:
        super().__init__(worker, signals)
        self.title = _("Models")
        self._query = query
        self._ability = ALL
        self._window = CONTEXTS[1]
        self._found: dict[str, Found] = {}
        self._list_soon = Paced(self, self._list)

    def compose_body(self) -> ComposeResult:
        yield Strip()
        yield FilterLine(_("letters of a name, words of what it is for, or any name:tag"))
        yield Rows()
        yield Text("", "$muted", id="about")

    def on_mount(self) -> None:
        self.signals.pulls.subscribe(self, self._list_soon)
        self.signals.hosts.subscribe(self, self._list_soon)
        self.rows.can_focus = False
        self.strip.tabs = tuple(Tab(key, title) for key, title in ABILITIES.items())
        self.line.input.value = self._query
        self._list(first=True)

    @on(LineInput.Changed)
    def _narrow(self) -> None:
        self._list(first=True)

    def _list(self, *, first: bool = False) -> None:
        entries = found(self.worker, self.line.input.value.strip(), self._ability, self._window)
        self._found = {each.line.key: each for each in entries}
        title = _("with {context} context").format(context=context_of(self._window))
        head = [group_row("", _("name"), columns=True, note=title)] if entries else []
        self.strip.active = self._ability
        self.strip.right = muted(_as_of(self.worker.catalogue.at))
        self.line.count.text = f"{len(entries):,}"
        self.rows.show(
            [*head, *(choice_row(each.line) for each in entries)],
            cursor_key=entries[0].line.key if first and entries else None,
            empty=_("Nothing like it is known, and no model can be called so."),
        )
        self._tell()

    @on(Rows.Moved)
    def _tell(self) -> None:
        """Say what is known of the model under the cursor, and how its need was reckoned."""
        here = self._found.get(self.rows.cursor_key or "")
        if here is None or here.offer is None:
            self.about.text = _("Not in the catalogue: a registry may have it all the same.")
            return
        host = self.worker.hosts.current
        need, vram = need_of(self.worker, here.offer, self._window), self.worker.memory.vram(host)
        said = need_words(need, vram) if need.high else _("size not known")
        if self.size.height < LOW:
            self.about.text = said
            return
        unknown = _('The GPU of {host} is not known: vram = "24 GB" under [hosts.{host}] says it.')
        self.about.text = "\n".join(
            (
                dots(here.offer.about, here.offer.parameters, here.offer.licence),
                dots(said, reckoned(need)) if need.high else said,
                "" if vram else unknown.format(host=host),
            )
        ).rstrip()

    @on(Rows.Chosen)
    def action_pull(self) -> None:
        """Queue the model under the cursor."""
        name = self.rows.cursor_key
        if name and self.keeps_models(self.worker.hosts.current):
            self.worker.pulls.add(name, self.worker.hosts.current)
            self.notify(_("{name} is in the queue.").format(name=name), markup=False)

    def action_pull_to(self) -> None:
        """Choose the hosts to pull the model under the cursor to."""
        if name := self.rows.cursor_key:
            here = self._found.get(name)
            size = here.offer.size if here and here.offer else 0
            self.ask_hosts([LocalModel(name=name, size=size)])

    def action_turn(self, by: int) -> None:
        """Go to the next filter, or the one before."""
        self._ability = turned([*ABILITIES], self._ability, by)
        self._list(first=True)

    @on(Strip.Chosen)
    def _choose_filter(self, event: Strip.Chosen) -> None:
        self._ability = event.key
        self._list(first=True)

    def action_context(self) -> None:
        """Reckon with another context window."""
        self._window = CONTEXTS[(CONTEXTS.index(self._window) + 1) % len(CONTEXTS)]
        self._list()

    @work(group="refresh", exclusive=True)
    async def action_refresh(self) -> None:
        """Ask the library for models that this version does not know of."""
        self.strip.right = muted(_("asking ollama.com..."))
        try:
            new = await self.worker.news.fetch()
        except OllamaError as error:
            self.notify(
                f"{error} {_('The list stays as it was.')}", severity="warning", markup=False
            )
        else:
            text = many("{n} new model.", "{n} new models.", new)
            self.notify(text.format(n=new) if new else _("Nothing new."), markup=False)
        self._list()

    def action_step(self, by: int) -> None:
        """Go to another row."""
        self.rows.action_step(by)

    def action_page(self, by: int) -> None:
        """Go on by a page."""
        self.rows.action_page(by)

    def action_leave(self) -> None:
        """Clear what is typed, then go back to the models."""
        if self.line.input.value:
            self.line.input.value = ""
        else:
            self.dismiss()


def _as_of(at: float) -> str:
    """How old the list is."""
    if not at:
        return _("as shipped with this version")
    return _("read {time} ago").format(time=ago(datetime.fromtimestamp(at, UTC), clock.now()))
