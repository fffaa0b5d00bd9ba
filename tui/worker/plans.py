"""Finding out in the background what the pulls of the queue will take."""

import msgspec

from tui.domain import clock
from tui.domain.language import _
from tui.domain.pulls import ENDED, Pull
from tui.store.catalogue import listed_size
from tui.worker.events import Events, Notice
from tui.worker.planning import Planner
from tui.worker.queue import Queue
from tui.worker.running import RunningDownloads
from tui.worker.supervisor import Supervisor


class Plans:
    """Plans each pull once, and lets the queue and the running job know. Nothing waits for it."""

    def __init__(
        self,
        planner: Planner,
        queue: Queue,
        running: RunningDownloads,
        events: Events,
        supervisor: Supervisor,
    ) -> None:
        self._planner = planner
        self._queue = queue
        self._running = running
        self._events = events
        self._supervisor = supervisor
        self._asked: set[str] = set()

    def find_out(self, pull: Pull) -> None:
        """Learn what a pull will take, unless that was tried."""
        if pull.kind == "pull" and pull.id not in self._asked and not pull.planned:
            self._asked.add(pull.id)
            self._supervisor.start(self._plan(pull), self._bug, lasting=True)

    def forget(self, id: str) -> None:
        """Try again when the job comes up again."""
        self._asked.discard(id)

    async def _plan(self, pull: Pull) -> None:
        plan = await self._planner.plan(pull)
        now = self._queue.get(pull.id)
        if now is None or now.state in ENDED:
            return
        if plan is None:
            self._queue.put(msgspec.structs.replace(now, likely=listed_size(pull.name)))
            return

        def planned(job: Pull) -> Pull:
            return plan.on(job).noted(clock.now(), plan.text)

        self._queue.put(planned(now))
        self._running.adjust(pull.id, planned)
        if plan.warning:
            self._events.tell(Notice(f"{pull.name}: {plan.warning}", "warning", of_queue=True))

    def _bug(self, error: Exception) -> None:
        text = _("An error in this program: {error}. The log has it.")
        self._events.tell(Notice(text.format(error=error), "error"))
