"""Which hosts to pull to."""

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from rich.cells import cell_len
from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding

from tui.domain.fits import verdict, verdict_words
from tui.domain.fleet import folded, free_vram, takes_pulls
from tui.domain.language import _, many
from tui.domain.models import LocalModel
from tui.domain.plans import Plan
from tui.domain.pulls import ENDED, Pull
from tui.domain.status import HostStatus
from tui.domain.units import percent, size
from tui.screens.dialogs.dialog import Dialog
from tui.screens.dialogs.outlook import Outlook, about
from tui.widgets.glyphs import g
from tui.widgets.lines import Lines, dots, fit, line, picked
from tui.widgets.plain import one_line
from tui.widgets.rows import Row, Rows
from tui.widgets.text import Text
from tui.worker.worker import Worker

_CONTEXT = 8192
"""Tokens that memory is reckoned with."""
_NAME = 20


class _Hosts(Rows):
    """Those that could pull."""

    BINDINGS = [Binding("enter", "choose", _("pull"), id="pullhosts.choose")]


class PullHostsDialog(Dialog[list[str]]):
    """Answers with the hosts marked, or the one under the cursor; those that lack it are marked."""

    AUTO_FOCUS = "Rows"
    BINDINGS = [
        Binding("space", "mark", _("mark"), id="pullhosts.mark"),
        Binding("a", "mark_all", _("all, none"), id="pullhosts.all"),
    ]

    rows = getters.query_one(Rows)
    about = getters.query_one("#about", Text)

    def __init__(
        self, worker: Worker, models: Sequence[LocalModel], marked: Sequence[str] | None = None
    ) -> None:
        """`models` are names with the sizes that are known; `marked` to begin with."""
        count = len(models)
        title = many("Pull {name} to", "Pull {n} models to", count)
        super().__init__(title.format(name=models[0].name, n=count))
        self._worker = worker
        self._models = models
        self._hosts = [each for each in worker.hosts.all() if each.address or each.state == "up"]
        lacking = [each.name for each in self._hosts if self._able(each) and self._lacks(each)]
        self._marked = [*(lacking if marked is None else marked)]
        self._plans: dict[str, Plan | None] = {}

    def compose_body(self) -> ComposeResult:
        yield _Hosts()
        yield Text(id="about")

    def on_mount(self) -> None:
        self.add_class("-list")
        first = next(iter(self._marked), None)
        self._show(first)
        if len(self._models) == 1:
            self._find_out()

    def _show(self, cursor_key: str | None = None) -> None:
        self.rows.show(
            (
                Row(each.name, partial(_draw, self._line(each)), 1, self._able(each))
                for each in self._hosts
            ),
            cursor_key,
        )
        self._tell()

    def _able(self, status: HostStatus) -> bool:
        return takes_pulls(status)

    def _lacks(self, status: HostStatus) -> bool:
        return any(not _has(status, each) and not self._coming(status, each)
                   for each in self._models)  # fmt: skip

    def _coming(self, status: HostStatus, model: LocalModel) -> Pull | None:
        jobs = (each for each in self._worker.pulls.all() if each.host == status.name)
        going = (each for each in jobs if each.state not in ENDED and each.kind == "pull")
        return next((each for each in going if folded(each.name) == folded(model.name)), None)

    def _line(self, status: HostStatus) -> "_Line":
        longest = max(cell_len(each.shown) for each in self._hosts)
        note, style = self._note(status)
        is_marked = status.name in self._marked
        return _Line(one_line(status.shown), min(longest, _NAME), note, style, is_marked)

    def _note(self, status: HostStatus) -> tuple[str, str]:
        if status.state != "up":
            word = _("down") if status.state == "down" else _("connecting")
            return dots(word, one_line(status.error)), "$error"
        if status.is_fixed:
            return _("its models are chosen where it is started"), "$muted"
        jobs = [job for each in self._models if (job := self._coming(status, each))]
        if jobs:
            return dots(_("in the queue"), percent(jobs[0].fraction)), "$accent"
        if not self._lacks(status):
            return _("here already; pulls again what is newer"), "$success"
        return self._room(status), "$muted"

    def _room(self, status: HostStatus) -> str:
        """Whether it fits the memory there, as far as anybody knows."""
        memory = self._worker.memory
        vram = memory.vram(status.name)
        free = free_vram(status, vram)
        largest = max(self._models, key=lambda each: each.size)
        need = memory.need(status.name, largest, _CONTEXT) if largest.size else None
        words = verdict_words(verdict(need, vram)) if need else ""
        total = _("{size} VRAM").format(size=size(vram)) if vram else _("VRAM not known")
        left = _("{size} free").format(size=size(free)) if free is not None else ""
        return dots(words, total, left)

    @work(group="plans", exclusive=True)
    async def _find_out(self) -> None:
        """Ask the registry and each host, without downloading anything."""
        for each in self._hosts:
            if self._able(each):
                pull = Pull(id=each.name, name=self._models[0].name, host=each.name)
                self._plans[each.name] = await self._worker.planner.plan(pull)
                self._tell()

    @on(Rows.Moved)
    def _tell(self) -> None:
        """Say how many downloads there will be, and what is known of the one under the cursor."""
        count = len(self._marked) * len(self._models)
        said = many("{n} download", "{n} downloads", count).format(n=count) if count else ""
        host = self.rows.cursor_key or ""
        warning = ""
        if (plan := self._plans.get(host)) and len(self._models) == 1:
            warning = plan.warning
            told = about([Outlook(self._models[0].name, None, plan, True, None, 0)])
            said = "\n".join(
                filter(None, (said, f"{self._worker.hosts.status(host).shown}: {told}"))
            )
        self.about.colour = "$warning" if warning else "$muted"
        self.about.text = said

    def action_mark(self) -> None:
        """Mark the host under the cursor, or let go of it, and go on to the next."""
        host = self.rows.cursor_key
        if host is None:
            return
        if host in self._marked:
            self._marked.remove(host)
        else:
            self._marked.append(host)
        self._show()
        self.rows.action_step(1)

    def action_mark_all(self) -> None:
        """Mark every host that can pull, or none."""
        able = [each.name for each in self._hosts if self._able(each)]
        self._marked = [] if {*self._marked} >= {*able} else able
        self._show()

    @on(Rows.Chosen)
    def _take(self) -> None:
        """What is marked, in the order of the hosts."""
        marked = [each.name for each in self._hosts if each.name in self._marked]
        self.dismiss(marked or [self.rows.cursor_key or ""])


def _has(status: HostStatus, model: LocalModel) -> bool:
    return any(folded(each.name) == folded(model.name) for each in status.models or ())


class _Line(NamedTuple):
    """What a row says of a host."""

    name: str
    room: int
    """Cells of its name."""
    note: str
    style: str
    is_marked: bool


def _draw(said: _Line, width: int, here: bool) -> Lines:
    mark = f"{g.here if here else ' '} {g.done if said.is_marked else g.queued} "
    title = line((mark, "$accent"), (said.name, "bold $strong" if here else "$foreground"))
    row = line(fit(title, said.room + len(mark)), "  ", (said.note, said.style))
    return [picked(row, width) if here else fit(row, width)]
