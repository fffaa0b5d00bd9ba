"""The download queue: what runs, what waits, what went wrong."""

from collections.abc import Sequence

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding

from tui.domain.language import _
from tui.domain.pulls import ACTIVE, ENDED, WAITING, Pull
from tui.domain.units import progress
from tui.paths import stylesheet
from tui.screens.dialogs.confirm import ConfirmDialog
from tui.screens.downloads.drawing import entries, summary, tabs
from tui.screens.filters import TURN, turned
from tui.screens.pacing import SELDOM, Paced
from tui.screens.pull_totals import ALL, GROUPS, totals
from tui.screens.pulling import PullAsking
from tui.screens.signals import Signals
from tui.widgets.pull_log import PullLog
from tui.widgets.pull_rows import PullRows
from tui.widgets.rows import Rows
from tui.widgets.tab_strip import Strip
from tui.worker.worker import Worker

_MOVE = Binding.Group(_("move"))
_COUNT = Binding.Group(_("how many at once"))


class DownloadsScreen(PullAsking):
    """One row a download, totals above, the log of the chosen one below."""

    CSS_PATH = stylesheet("downloads")
    TITLE = _("Downloads")
    AUTO_FOCUS = "PullRows"
    shows_queue = True
    BINDINGS = [
        Binding("escape", "leave", _("back"), id="downloads.leave"),
        Binding("p", "pull", _("pull"), id="downloads.pull"),
        Binding("space", "pause", _("pause"), id="downloads.pause"),
        Binding("space", "resume", _("go on"), id="downloads.resume"),
        Binding("r", "retry", _("retry"), id="downloads.retry"),
        Binding("J", "move(1)", _("move down"), id="downloads.down", group=_MOVE),
        Binding("K", "move(-1)", _("move up"), id="downloads.up", group=_MOVE),
        Binding("d", "remove", _("remove"), id="downloads.remove"),
        Binding("plus", "count(1)", _("more at once"), id="downloads.more", group=_COUNT),
        Binding("minus", "count(-1)", _("fewer at once"), id="downloads.fewer", group=_COUNT),
        Binding("v", "log", _("log"), id="downloads.log"),
        Binding("c", "clear", _("clear ended"), id="downloads.clear"),
        *TURN,
    ]

    strip = getters.query_one(Strip)
    queue = getters.query_one(PullRows)
    log_sheet = getters.query_one(PullLog)

    def __init__(self, worker: Worker, signals: Signals) -> None:
        super().__init__(worker, signals)
        self._group = ALL
        self._list_soon = Paced(self, self._list, SELDOM)
        self._offered: tuple[object, ...] = ()

    def compose_body(self) -> ComposeResult:
        yield Strip()
        yield PullRows()
        yield PullLog()

    def on_mount(self) -> None:
        self.signals.pulls.subscribe(self, self._list_soon)
        self.signals.hosts.subscribe(self, self._list_soon)
        self.log_sheet.can_focus = False
        self._list()

    def on_screen_resume(self) -> None:
        self._list()

    @property
    def chosen(self) -> Pull | None:
        """The download under the cursor."""
        key = self.queue.cursor_key
        return next((pull for pull in self.worker.pulls.all() if pull.id == key), None)

    # --- what can be done ---

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what makes sense for the download under the cursor."""
        if not self.is_mounted:
            return True
        pull = self.chosen
        state = pull.state if pull else ""
        offered = {
            "pause": state in (*ACTIVE, "queued"),
            "resume": state == "paused",
            "retry": state == "failed",
            "move": state in WAITING,
            "remove": pull is not None,
            "log": pull is not None,
            "leave": self.log_sheet.has_focus,
            "clear": any(each.state in ENDED for each in self.worker.pulls.all()),
        }
        return offered.get(action, True)

    def action_pause(self) -> None:
        """Stop a download for now."""
        if self.chosen:
            self.worker.pulls.pause(self.chosen.id)
        self._list()

    def action_resume(self) -> None:
        """Let a paused download go on."""
        if self.chosen:
            self.worker.pulls.resume(self.chosen.id)
        self._list()

    def action_retry(self) -> None:
        """Try a failed download again."""
        if self.chosen:
            self.worker.pulls.retry(self.chosen.id)
        self._list()

    def action_move(self, by: int) -> None:
        """Let a download run earlier or later."""
        if self.chosen:
            self.worker.pulls.move(self.chosen.id, by)
        self._list()

    def action_count(self, by: int) -> None:
        """Change how many run at once."""
        self.worker.pulls.at_once = max(self.worker.pulls.at_once + by, 1)
        self._list()

    def action_clear(self) -> None:
        """Take out what is done or has failed."""
        self.worker.pulls.clear()
        self._list()

    @work(group="remove")
    async def action_remove(self) -> None:
        """Take a download out of the queue, asking first if it runs."""
        pull = self.chosen
        if pull is None:
            return
        if pull.state in ACTIVE and not await self.app.push_screen_wait(_question(pull)):
            return
        self.worker.pulls.remove(pull.id)
        self._list()

    @on(Rows.Chosen)
    def action_log(self) -> None:
        """Read the whole log of a download, or go back to the queue."""
        if self.log_sheet.has_focus:
            self.action_leave()
            return
        self.add_class("-log")
        self.log_sheet.can_focus = True
        self.log_sheet.focus()
        self.call_after_refresh(self.log_sheet.redraw)

    def action_leave(self) -> None:
        """Go back to the queue."""
        self.remove_class("-log")
        self.queue.focus()
        self.log_sheet.can_focus = False
        self.call_after_refresh(self.log_sheet.redraw)

    def action_turn(self, by: int) -> None:
        """Go to the next filter, or the one before."""
        self._show_group(turned([group.key for group in GROUPS], self._group, by))

    @on(Strip.Chosen)
    def _choose_group(self, event: Strip.Chosen) -> None:
        self._show_group(event.key)

    @on(Rows.Moved)
    def _follow(self) -> None:
        self.log_sheet.pull = self.chosen
        self.refresh_bindings()

    # --- what is shown ---

    def queued(self, jobs: Sequence[Pull]) -> None:
        """Go to what is in the queue now: here it need not be told besides."""
        self.turn_to(jobs[0].id)

    def turn_to(self, id: str) -> None:
        """Put the cursor on a job, whatever its state."""
        self._group = ALL
        self._list()
        self.queue.move_to(id)

    def _show_group(self, key: str) -> None:
        self._group = key
        self._list()

    def _list(self) -> None:
        if not self.is_current:
            return
        pulls = self.worker.pulls.all()
        empty = _("Nothing to download. p pulls a model.") if not pulls else _("None of these.")
        at_once = self.worker.pulls.at_once
        found = entries(pulls, self._group, at_once, self.worker.hosts.current)
        self.queue.show_pulls(found, empty)
        self.log_sheet.pull = self.chosen
        self.strip.tabs = tabs(pulls)
        self.strip.active = self._group
        self.strip.right = summary(totals(pulls), at_once)
        self._offer(pulls)

    def _offer(self, pulls: list[Pull]) -> None:
        """Offer other keys once others make sense."""
        offered = (self.chosen and self.chosen.state, any(each.state in ENDED for each in pulls))
        if offered != self._offered:
            self._offered = offered
            self.refresh_bindings()


def _question(pull: Pull) -> ConfirmDialog:
    text = _("{amount} are there. The server keeps them for a while: a new pull goes on from them.")
    return ConfirmDialog(
        _("Remove {name}").format(name=pull.name),
        text.format(amount=progress(pull.completed, pull.total)),
        yes=_("stop and remove"),
        no=_("let it run"),
    )
