"""The servers: which one is in use, how each is, what it holds in memory."""

from collections.abc import Sequence

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding

from tui.domain import clock
from tui.domain.language import _
from tui.domain.status import EMBEDDED, HostStatus
from tui.paths import stylesheet
from tui.screens.filters import TURN, turned
from tui.screens.hosts.overseeing import Overseeing
from tui.screens.hosts.tending import HostTending, is_removable
from tui.screens.pacing import Paced
from tui.screens.page import TALL
from tui.screens.signals import Signals
from tui.widgets.host_rows import HostLine, HostRows, parted
from tui.widgets.rows import Rows
from tui.widgets.tab_strip import Strip, Tab
from tui.worker.worker import Worker

ALL, DOWN = "all", "down"
_MOVE = Binding.Group(_("move"), compact=True)


class HostsScreen(HostTending, Overseeing):
    """One row a server, below it one for every loaded model."""

    CSS_PATH = stylesheet("hosts")
    TITLE = _("Hosts")
    AUTO_FOCUS = "HostRows"
    BINDINGS = [
        Binding("a", "add", _("add"), id="hosts.add"),
        Binding("f", "fleet", _("fleet"), tooltip=_("all models on all hosts"), id="hosts.fleet"),
        Binding("e", "edit", _("edit"), id="hosts.edit"),
        Binding("t", "test", _("test"), id="hosts.test"),
        Binding("u", "unload", _("unload model"), id="hosts.unload"),
        Binding("D", "examine", _("doctor"), id="hosts.doctor"),
        Binding("r", "look", _("try now"), id="hosts.look"),
        Binding("d", "remove", _("remove"), id="hosts.remove"),
        Binding("J", "move(1)", _("move down"), id="hosts.down", group=_MOVE),
        Binding("K", "move(-1)", _("move up"), id="hosts.up", group=_MOVE),
        Binding(
            "S", "begin_with", _("at start"), tooltip=_("use this host at start"), id="hosts.start"
        ),
        *TURN,
    ]

    strip = getters.query_one(Strip)
    table = getters.query_one(HostRows)

    def __init__(self, worker: Worker, signals: Signals) -> None:
        super().__init__(worker, signals)
        self._filter = ALL
        self._list_soon = Paced(self, self._list)

    def compose_body(self) -> ComposeResult:
        yield Strip()
        yield HostRows(_("No host is down."))

    def on_mount(self) -> None:
        self.signals.hosts.subscribe(self, self._list_soon)
        self.set_interval(1.0, self._count_down)
        self._list(self.worker.hosts.current)

    def on_screen_resume(self) -> None:
        self._list()

    def on_resize(self) -> None:
        self._list()

    @property
    def chosen(self) -> tuple[str, str]:
        """The host under the cursor, and the model if the cursor is on one."""
        return parted(self.table.cursor_key or "")

    # --- what can be done ---

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what can be done with what the cursor is on."""
        if not self.is_mounted or action in ("add", "turn", "fleet"):
            return True
        host, model = self.chosen
        match action:
            case "unload":
                return bool(model) and not self.worker.hosts.status(host).is_fixed
            case "edit" | "test":
                return bool(host) and host != EMBEDDED
            case "remove":
                return bool(host) and is_removable(host)
            case "move" | "look" | "examine" | "begin_with":
                return bool(host)
        return True

    @on(Rows.Chosen)
    def _use(self, event: Rows.Chosen) -> None:
        host, _model = parted(event.key)
        self.worker.hosts.use(host)
        self._list()

    @on(Rows.Moved)
    def _moved(self) -> None:
        self.refresh_bindings()

    def action_look(self) -> None:
        """Ask the server under the cursor now."""
        self.worker.hosts.look(self.chosen[0])

    def action_examine(self) -> None:
        """Find out what is wrong between here and the server under the cursor."""
        from tui.screens.hosts.doctor import DoctorPage

        self.app.push_screen(DoctorPage(self.worker, self.signals, self.chosen[0]))

    def action_fleet(self) -> None:
        """Show which host has which model."""
        from tui.screens.hosts.fleet import FleetPage

        self.app.push_screen(FleetPage(self.worker, self.signals))

    @work(group="models")
    async def action_unload(self) -> None:
        """Take the model under the cursor out of memory."""
        host, model = self.chosen
        await self.attempt(self.worker.models.unload(host, model))

    def relist(self, cursor_key: str | None = None) -> None:
        self._filter = ALL
        self._list(cursor_key)

    def action_turn(self, by: int) -> None:
        """Go to the next filter, or the one before."""
        self._filter = turned([ALL, DOWN], self._filter, by)
        self._list()

    @on(Strip.Chosen)
    def _choose_filter(self, event: Strip.Chosen) -> None:
        self._filter = event.key
        self._list()

    # --- what is shown ---

    def _list(self, cursor_key: str | None = None) -> None:
        if not self.is_seen:
            return
        statuses = self.worker.hosts.all()
        down = [status for status in statuses if _is_down(status)]
        self.table.show_hosts(self._entries(down if self._filter == DOWN else statuses), cursor_key)
        style = "$error" if down else "$muted"
        self.strip.tabs = (
            Tab(ALL, _("All"), str(len(statuses))),
            Tab(DOWN, _("Down"), str(len(down)), style),
        )
        self.strip.active = self._filter
        self.refresh_bindings()

    def _entries(self, statuses: Sequence[HostStatus]) -> list[HostLine]:
        now, airy, hosts = clock.now(), self.size.height >= TALL, self.worker.hosts
        return [
            HostLine(
                each,
                now,
                in_use=each.name == hosts.current,
                vram_total=self.worker.memory.vram(each.name),
                at_start=each.name == hosts.configured.default,
                airy=airy,
            )
            for each in statuses
        ]

    def _count_down(self) -> None:
        """Seconds go on without news from the servers."""
        statuses = self.worker.hosts.all() if self.is_seen else []
        if any(status.running or status.next_try or status.tunnel for status in statuses):
            self._list()


def _is_down(status: HostStatus) -> bool:
    return status.state == "down" and bool(status.address)
