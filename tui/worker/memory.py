"""What models take of a host's memory: as measured, else reckoned; and how much there is."""

from collections.abc import Callable

from tui.domain import fits
from tui.domain.fits import Need
from tui.domain.models import LocalModel, ModelCard
from tui.domain.status import HostStatus
from tui.store.findings import FindingStore, Measured
from tui.worker.events import Event, Events, HostChanged


class Memory:
    """Notes what every model that a server runs takes, for the next time."""

    def __init__(self, store: FindingStore, vram_of: Callable[[str], int], events: Events) -> None:
        """`vram_of` tells the bytes of a host's GPUs; 0 where nobody knows."""
        self._store = store
        self.vram = vram_of
        events.subscribe(self._hear)

    def need(
        self, host: str, model: LocalModel, context: int, card: ModelCard | None = None
    ) -> Need:
        """What a model takes there: by what it once took, else by what is known of it."""

        def reckoned(tokens: int) -> Need:
            parameters = model.details.parameter_size
            return fits.need(model.size, tokens, card=card, parameters=parameters)

        found = self._store.findings.measured.get(f"{host} {model.digest}")
        if not found or not found.context:
            return reckoned(context)
        known = fits.measured(found.size, found.context)
        if found.context == context:
            return known
        return fits.with_context(known, context, reckoned)

    def last_context(self, host: str, model: LocalModel) -> int:
        """The context it was last loaded with; 0 where it never was."""
        found = self._store.findings.measured.get(f"{host} {model.digest}")
        return found.context if found else 0

    def _hear(self, event: Event) -> None:
        if isinstance(event, HostChanged) and event.status.running:
            self._note(event.status)

    def _note(self, status: HostStatus) -> None:
        known = self._store.findings.measured
        found = {
            f"{status.name} {each.digest}": Measured(each.size, each.context_length)
            for each in status.running
            if each.size and each.digest
        }
        if any(known.get(key) != value for key, value in found.items()):
            known.update(found)
            self._store.save()
