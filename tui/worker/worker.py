"""The async API worker: owns all long-running work and outlives every screen."""

import asyncio
import contextlib
from functools import cached_property
from typing import TYPE_CHECKING, Self

from tui.domain.hosts import HostAddress
from tui.domain.language import _
from tui.domain.places import Places
from tui.store.catalogue import Catalogue
from tui.store.findings import FindingStore
from tui.store.jobs import JobStore
from tui.store.prompts import PromptStore
from tui.store.sessions import SessionStore
from tui.store.settings import Settings
from tui.store.workspace import WorkspaceStore
from tui.store.writer import Writer
from tui.worker.apart import find_names_apart
from tui.worker.configured import ConfiguredHosts
from tui.worker.conversations import Conversations
from tui.worker.engine import EmbeddedEngine
from tui.worker.errands import Errands
from tui.worker.events import Events, Notice
from tui.worker.hosts import Hosts
from tui.worker.memory import Memory
from tui.worker.models import Models
from tui.worker.news import News
from tui.worker.others import Others
from tui.worker.planning import Planner
from tui.worker.pulls import Pulls
from tui.worker.replies import Replies
from tui.worker.search import Search
from tui.worker.supervisor import Supervisor
from tui.worker.waiting import Waiting

if TYPE_CHECKING:
    from tui.api.requests import ChatRequest
    from tui.worker.attachments import Attachments
    from tui.worker.disks import Disks
    from tui.worker.doctor import Doctor
    from tui.worker.scouting import Scout
    from tui.worker.titles import Titles
    from tui.worker.transfer import Transfer
    from tui.worker.updates import Updates


class Worker:
    """Replies, pulls, watches and the engine: commands go in as calls, facts come out as events.

    `async with Worker(...)` costs next to nothing; `start` begins to ask servers and disks. What
    the first frame does without is made when it is first asked for.
    """

    def __init__(
        self,
        places: Places,
        settings: Settings,
        addresses: dict[str, HostAddress],
        current: str = "",
    ) -> None:
        self.saved = True
        """False once the worker has ended without being able to write everything."""
        self.events = Events()
        self._supervisor = Supervisor()
        self._places = places
        self._settings = settings
        self._writer = Writer(self._trouble)
        jobs = JobStore(places, self._writer)
        self.engine = EmbeddedEngine(places)
        self.workspace = WorkspaceStore(places, self._writer)
        self.prompts = PromptStore(places, self._writer)
        configured = ConfiguredHosts(places, settings)
        self.hosts = Hosts(self.engine, configured, self.events, self._supervisor)
        self.hosts.configure(addresses, current or self.workspace.load().host)
        self.models = Models(self.hosts)
        self._know_models(places)
        self._talk(places)
        if settings.titles == "model":
            self.titles.make_all(self.events, self._supervisor, self._bug)
        self.pulls = Pulls(jobs, self.hosts, self.planner, self.events, self._supervisor)
        self.pulls.at_once = settings.pulls_at_once
        self.errands = Errands(jobs, self.pulls, self._supervisor, self._bug)

    def _talk(self, places: Places) -> None:
        """Build what belongs to conversations."""
        self._sessions = store = SessionStore(places, self._writer)
        self.conversations = Conversations(store, self.events)
        self.search = Search(store, self.conversations, self.events, self._supervisor, self._bug)
        self.replies = Replies(self.conversations, store, self.hosts, self.events, self._supervisor)
        # Others hear of the end of an answer first: what waits is sent when all have answered.
        self.others = Others(self.conversations, self.replies, self.events)
        self.waiting = Waiting(self.conversations, self.replies, self.events)
        self.replies.before_asking = self._put_in

    def _know_models(self, places: Places) -> None:
        """What is found out about models: memory, disks, newer versions, what else there is."""
        self._findings = FindingStore(places, self._writer)
        self.catalogue = Catalogue(places, self._writer)
        self.news = News(self.catalogue)
        self.memory = Memory(self._findings, self.hosts.vram, self.events)
        self.planner = Planner(self.hosts, places)

    # --- made when first asked for ---

    @cached_property
    def attachments(self) -> "Attachments":
        """Reads and keeps the files that messages name."""
        from tui.store.attachments import AttachmentStore
        from tui.worker.attachments import Attachments

        return Attachments(AttachmentStore(self._places, self._writer), self.hosts)

    @cached_property
    def disks(self) -> "Disks":
        """Finds what models take on the disks of this machine."""
        from tui.worker.disks import Disks

        return Disks(self._places, self.hosts)

    @cached_property
    def doctor(self) -> "Doctor":
        """Examines servers and this machine."""
        from tui.worker.doctor import Doctor

        return Doctor(self._places, self.hosts, self.engine)

    @cached_property
    def scout(self) -> "Scout":
        """Looks for servers where none answers."""
        from tui.worker.scouting import Scout

        return Scout(self._places)

    @cached_property
    def titles(self) -> "Titles":
        """Lets models name conversations."""
        from tui.worker.titles import Titles

        return Titles(self.conversations, self.hosts)

    @cached_property
    def transfer(self) -> "Transfer":
        """Exports and imports conversations."""
        from tui.worker.transfer import Transfer

        return Transfer(self._sessions, self.conversations, self.search)

    @cached_property
    def updates(self) -> "Updates":
        """Asks registries for newer versions."""
        from tui.worker.updates import Updates

        updates = Updates(self._findings, self.events, self._supervisor, self._bug)
        updates.allowed = self._settings.check_updates
        return updates

    async def _put_in(self, request: "ChatRequest") -> None:
        await self.attachments.put_in(request)

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        find_names_apart(self._loop)
        await self._supervisor.__aenter__()
        return self

    async def __aexit__(self, *exc: object) -> None:
        """End everything: what answers have so far is on disk when this returns."""
        self.replies.end_all()
        self.pulls.end_all()
        await self._supervisor.__aexit__()
        closing = asyncio.to_thread(self._writer.close)
        written, _closed = await asyncio.gather(closing, self.hosts.aclose())
        self.saved = written
        self.conversations.leave()
        self.pulls.leave()

    def start(self) -> None:
        """Begin to watch hosts, run the queue and learn of all sessions."""
        self.hosts.start()
        for work in (self.pulls.watch(), self.conversations.follow()):
            self._supervisor.start(work, self._bug, lasting=True)
        self._supervisor.start(self.pulls.look(), self._bug)
        self._supervisor.start(self._learn(), self._bug)
        for text in self.workspace.damaged:
            self.events.tell(Notice(text, "error"))

    async def idle(self) -> None:
        """Wait until no reply, pull or action runs and what they wrote is on disk."""
        await self._supervisor.idle()
        await asyncio.to_thread(self._writer.flush)

    async def _learn(self) -> None:
        """Of titles first: they are waited for."""
        await self.conversations.scan()
        await self.search.read_all()

    def _bug(self, error: Exception) -> None:
        text = _("An error in this program: {error}. The log has it.").format(error=error)
        self.events.tell(Notice(text, "error"))

    def _trouble(self, error: OSError | None) -> None:
        """Called in the writer's thread."""
        if error is None:
            notice = Notice(_("Writing works again; everything is saved."))
        else:
            text = _(
                "Cannot write {path}: {why}. Work goes on in memory and is saved when it can be."
            )
            why = error.strerror or str(error)
            notice = Notice(text.format(path=error.filename, why=why), "error")
        with contextlib.suppress(RuntimeError):  # the loop has ended: nobody is left to be told
            self._loop.call_soon_threadsafe(self.events.tell, notice)
