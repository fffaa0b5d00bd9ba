"""Where no conversation can be had yet: finds out why, and offers the ways to one."""

from dataclasses import dataclass

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.message import Message

from tui.api.errors import OllamaError
from tui.domain.language import _
from tui.domain.pulls import ENDED
from tui.domain.status import EMBEDDED, HostStatus
from tui.screens.chats.entries import preferred
from tui.screens.chats.situations import STARTER, WAYS, Known, Situation, situation
from tui.screens.pacing import SELDOM, Paced
from tui.screens.signals import HostEvent, Signals
from tui.widgets.first_run import FirstRun
from tui.worker.worker import Worker


class Welcome(Vertical):
    """The first page: what was tried to find a server, and one key for each way on."""

    BINDINGS = [
        Binding("s", "serve", _("start ollama serve"), show=False, id="welcome.serve"),
        Binding("e", "engine", _("start the engine"), show=False, id="welcome.engine"),
        Binding("m", "starter", _("get the starter model"), show=False, id="welcome.starter"),
        Binding("p", "pull", _("pull a model"), show=False, id="welcome.pull"),
        Binding("h", "host", _("another host"), show=False, id="welcome.host"),
        Binding("l", "ssh", _("the ssh line"), show=False, id="welcome.ssh"),
        Binding("r", "again", _("try again"), show=False, id="welcome.again"),
    ]

    page = getters.query_one(FirstRun)

    @dataclass
    class PullWanted(Message):
        """The user wants a model; "" lets them name one."""

        name: str

    class HostWanted(Message):
        """The user wants to enter another host."""

    def __init__(self, worker: Worker, signals: Signals) -> None:
        super().__init__()
        self._worker = worker
        self._signals = signals
        self._known = Known()
        self._said = Situation()

    def compose(self) -> ComposeResult:
        yield FirstRun()

    def on_mount(self) -> None:
        self._signals.hosts.subscribe(self, self._hear)
        self._signals.pulls.subscribe(self, Paced(self, self._draw, SELDOM))
        self._signals.sessions.subscribe(self, Paced(self, self._draw, SELDOM))
        self._draw()

    @property
    def _host(self) -> HostStatus:
        return self._worker.hosts.status(self._worker.hosts.current)

    @property
    def can_chat(self) -> bool:
        """Whether the host in use has a model to talk to."""
        return self._host.state == "up" and bool(preferred(self._host, ""))

    def _hear(self, _event: HostEvent) -> None:
        before, now = self._known.host, self._host
        if (before.name, before.address) != (now.name, now.address):
            self._known.scouting, self._known.note = None, ""  # they were about the other
        if self._host.state == "down" and not self._known.scouting and self.display:
            self._look_round()
        self._draw()

    @work(group="scouting", exclusive=True)
    async def _look_round(self) -> None:
        """Try what may be there; the page shows it when all have answered."""
        hosts = self._worker.hosts
        name, address = hosts.current, hosts.address(hosts.current)
        found = await self._worker.scout.look(address, hosts.configured.access(name))
        if (name, address) == (hosts.current, hosts.address(hosts.current)):
            self._known.scouting = found
            self._draw()

    def _draw(self) -> None:
        self._known.host = self._host
        self._known.hint = self._worker.hosts.address(self._host.name).hint
        self._known.engine_missing = self._worker.engine.missing()
        self._known.sessions = len(self._worker.conversations.titles())
        self._known.pulls = [
            pull
            for pull in self._worker.pulls.all()
            if pull.host == self._host.name and pull.state not in ENDED
        ]
        said = situation(self._known)
        if said != self._said:
            self._said = said
            self.page.tell(said.trials, said.ways, said.note, said.title)

    # --- keys ---

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return any(WAYS[way.key] == action for way in self._said.ways)

    @on(FirstRun.Chosen)
    async def _take(self, event: FirstRun.Chosen) -> None:
        event.stop()
        await self.run_action(WAYS[event.key])

    def action_serve(self) -> None:
        """Start the `ollama serve` that is installed here."""
        scouting = self._known.scouting
        if scouting and scouting.program:
            address = self._worker.hosts.address(self._worker.hosts.current)
            try:
                self._worker.scout.serve(scouting.program, address)
            except OllamaError as error:
                self.notify(str(error), severity="error", markup=False)
                return
            self._known.note = _("Started {program} serve; it takes a second or two.").format(
                program=scouting.program
            )
            self._again_soon()

    def action_engine(self) -> None:
        """Start the embedded engine, or say what installs it."""
        if why := self._worker.engine.missing():
            self._known.note = why
            self._draw()
        else:
            self._worker.hosts.use(EMBEDDED)

    def action_starter(self) -> None:
        """Get the small model to begin with."""
        self.post_message(self.PullWanted(STARTER))

    def action_pull(self) -> None:
        """Name a model to pull."""
        self.post_message(self.PullWanted(""))

    def action_host(self) -> None:
        """Enter another host."""
        self.post_message(self.HostWanted())

    def action_ssh(self) -> None:
        """Print the line that reaches an Ollama on another machine."""
        self._known.note = _(
            "On this machine, with your own user and box:\n"
            "ssh -N -L 11434:127.0.0.1:11434 user@box\n"
            "While it runs, the Ollama of that box answers here; r tries again.\n"
            "Or let this program do that: h, and there ssh://user@box."
        )
        self._draw()

    def action_again(self) -> None:
        """Look again, everywhere."""
        self._known.scouting = None
        self._worker.hosts.look(self._worker.hosts.current)
        self._look_round()

    def _again_soon(self) -> None:
        for seconds in (0.5, 1, 2, 4):
            self.set_timer(seconds, lambda: self._worker.hosts.look(self._worker.hosts.current))
        self._draw()
