"""Models of the catalogue that answer to a query, each with how it stands on this host."""

from typing import NamedTuple

from tui.domain.fits import Need, Verdict, verdict, verdict_words
from tui.domain.fuzzy import Match, ranked
from tui.domain.language import _
from tui.domain.models import Details, LocalModel
from tui.domain.names import BadModelName, ModelName
from tui.domain.pulls import ENDED, Pull
from tui.domain.status import HostStatus
from tui.domain.units import percent
from tui.store.catalogue import Offer
from tui.widgets.choice_rows import ChoiceLine
from tui.worker.worker import Worker

ALL = "all"
ABILITIES = {
    ALL: _("Discover"),
    "tools": _("Tools"),
    "vision": _("Vision"),
    "thinking": _("Thinking"),
    "embedding": _("Embedding"),
}
CONTEXTS = (4096, 8192, 16384, 32768, 65536, 131072)
_MOST = 300
"""Rows of the list: nobody reads on beyond."""
_STYLES: dict[Verdict, str] = {"fits": "$success", "tight": "$warning", "partly": "$error"}


class Found(NamedTuple):
    """A row, and what the catalogue says of it; nothing of a name that was only typed."""

    line: ChoiceLine
    offer: Offer | None


def found(worker: Worker, query: str, ability: str, context: int) -> list[Found]:
    """What is typed comes first if it looks whole, else behind what it may become."""
    known = [offer for offer in worker.catalogue.offers() if ability in (ALL, *offer.can)]
    matches = ranked(query, known, lambda offer: offer.name)[:_MOST]
    named = {offer.name for offer, _match in matches}
    words = query.lower().split()
    meant = [
        (offer, Match(0, ()))
        for offer in known
        if offer.name not in named and all(word in offer.about.lower() for word in words)
    ]
    status = worker.hosts.status(worker.hosts.current)
    standing = _Standing(worker, status, context)
    rows = [standing.row(offer, match) for offer, match in [*matches, *meant][:_MOST]]
    typed = _typed(query)
    if not typed or any(row.line.key == typed for row in rows):
        return rows
    extra = Found(ChoiceLine(key=typed, name=typed, note=_("as typed")), None)
    return [extra, *rows] if set("/:") & set(query) else [*rows, extra]


def need_of(worker: Worker, offer: Offer, context: int) -> Need:
    """What a model takes on the host in use; nothing where its size is not known."""
    host = worker.hosts.current
    models = worker.hosts.status(host).models or ()
    here = next((model for model in models if model.name == offer.name), None)
    details = Details(parameter_size=offer.parameters)
    model = here or LocalModel(name=offer.name, size=offer.size, details=details)
    window = min(context, offer.context or context)
    return worker.memory.need(host, model, window) if model.size else Need(0, 0, 0, (0, 0), window)


class _Standing:
    """How models stand on a host."""

    def __init__(self, worker: Worker, status: HostStatus, context: int) -> None:
        self._worker = worker
        self._context = context
        self._vram = worker.memory.vram(status.name)
        self._here = {model.name for model in status.models or ()}
        self._coming: dict[str, Pull] = {
            pull.name: pull
            for pull in worker.pulls.all()
            if pull.host == status.name and pull.state not in ENDED
        }

    def row(self, offer: Offer, match: Match) -> Found:
        """A row of the list."""
        note, style = self._note(offer)
        line = ChoiceLine(
            key=offer.name,
            name=offer.name,
            size=offer.size,
            context=offer.context,
            can=offer.can,
            note=note,
            style=style,
            hits=match.positions,
        )
        return Found(line, offer)

    def _note(self, offer: Offer) -> tuple[str, str]:
        if pull := self._coming.get(offer.name):
            return (percent(pull.fraction) if pull.total else _("queued"), "$accent")
        if offer.name in self._here:
            return _("here already"), "$success"
        stands = verdict(need_of(self._worker, offer, self._context), self._vram)
        return verdict_words(stands), _STYLES.get(stands, "$muted")


def _typed(query: str) -> str:
    """The name that the query is; empty if no model can be called so."""
    try:
        return ModelName.parse(query).asked
    except BadModelName:
        return ""
