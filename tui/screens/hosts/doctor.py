"""The connection doctor's page."""

from contextlib import aclosing

from textual import getters, work
from textual.app import ComposeResult
from textual.binding import Binding

from tui.domain.checkup import Finding
from tui.domain.language import _
from tui.screens.page import Page
from tui.screens.signals import Signals
from tui.terminal import checkup
from tui.widgets.findings_sheet import FindingsSheet
from tui.widgets.tab_strip import Strip, Tab
from tui.worker.worker import Worker


class DoctorPage(Page):
    """Examines a host and shows each finding as it comes."""

    AUTO_FOCUS = "FindingsSheet"
    BINDINGS = [
        Binding("r", "examine", _("again"), id="doctor.again"),
        Binding("escape,q", "leave", _("back"), id="doctor.leave"),
    ]

    strip = getters.query_one(Strip)
    sheet = getters.query_one(FindingsSheet)

    def __init__(self, worker: Worker, signals: Signals, host: str) -> None:
        super().__init__(worker, signals)
        self.title = _("Hosts")
        self._host = host

    def compose_body(self) -> ComposeResult:
        yield Strip()
        yield FindingsSheet()

    def on_mount(self) -> None:
        self.action_examine()

    @work(group="doctor", exclusive=True)
    async def action_examine(self) -> None:
        """Look at everything once more."""
        found: list[Finding] = []
        self._show(found, looking=True)
        for looks in (self.worker.doctor.examine(self._host), checkup.examine(is_terminal=True)):
            async with aclosing(looks) as coming:
                async for finding in coming:
                    found.append(finding)
                    self._show(found, looking=True)
        self._show(found, looking=False)

    def action_leave(self) -> None:
        """Back to the hosts."""
        self.dismiss()

    def _show(self, found: list[Finding], *, looking: bool) -> None:
        self.sheet.looking = looking
        self.sheet.findings = tuple(found)
        bad = sum(finding.state == "bad" for finding in found)
        style = "$error" if bad else "$muted"
        count = _("{n} bad").format(n=bad) if bad or not looking else ""
        self.strip.tabs = (Tab("doctor", _("Doctor"), count, style),)
        self.strip.active = "doctor"
