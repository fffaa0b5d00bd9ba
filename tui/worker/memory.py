"""What models take of a host's memory: as measured, else reckoned; and how much there is."""

from tui.domain import fits
from tui.domain.fits import Need
from tui.domain.models import LocalModel, ModelCard
from tui.domain.status import HostStatus
from tui.store.findings import FindingStore, Measured
from tui.store.settings import Settings
from tui.worker.events import Event, Events, HostChanged


class Memory:
    """Notes what every model that a server runs takes, for the next time."""

    def __init__(self, store: FindingStore, settings: Settings, events: Events) -> None:
        self._store = store
        self._stated = {
            name: fits.read_size(host.vram) for name, host in settings.hosts.items() if host.vram
        }
        events.subscribe(self._hear)

    def vram(self, host: str) -> int:
        """Bytes of its GPUs' memory as the user states them; 0 where nobody knows."""
        return self._stated.get(host, 0)

    def need(
        self, host: str, model: LocalModel, context: int, card: ModelCard | None = None
    ) -> Need:
        """What a model takes there: as it was once loaded, if with such a context."""
        found = self._store.findings.measured.get(f"{host} {model.digest}")
        if found and found.context == context:
            return fits.measured(found.size, found.context)
        return fits.need(model.size, context, card=card, parameters=model.details.parameter_size)

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
