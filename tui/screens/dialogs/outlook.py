"""What is said of models before they are pulled: sizes, what is there, whether they fit."""

from collections.abc import Sequence
from typing import NamedTuple

from tui.domain.fits import Need
from tui.domain.language import _
from tui.domain.plans import Plan
from tui.domain.units import size
from tui.store.catalogue import Offer
from tui.widgets.lines import dots
from tui.widgets.memory_words import need_words


class Outlook(NamedTuple):
    """What is known of one model that is not pulled yet."""

    name: str
    offer: Offer | None
    """What the catalogue says of it."""
    plan: Plan | None
    """What its registry and the server say."""
    asked: bool
    """Whether they were asked."""
    need: Need | None
    vram: int

    @property
    def size(self) -> int:
        """Bytes in all, as far as known."""
        if self.plan and self.plan.layers:
            return self.plan.total
        return self.offer.size if self.offer else 0

    @property
    def missing(self) -> int:
        """Bytes to download, as far as known."""
        if self.plan and self.plan.layers:
            return self.plan.total - self.plan.present
        return self.offer.size if self.offer else 0


def about(models: Sequence[Outlook]) -> str:
    """A few lines about what enter would pull."""
    return _one(models[0]) if len(models) == 1 else _several(models)


def _one(model: Outlook) -> str:
    offer = model.offer
    facts = dots(_amount(model), offer.parameters if offer else "", offer.licence if offer else "")
    need = need_words(model.need, model.vram) if model.need else ""
    warning = model.plan.warning if model.plan else ""
    return "\n".join(filter(None, (facts, need, warning, offer.about if offer else "")))


def _amount(model: Outlook) -> str:
    plan, offer = model.plan, model.offer
    if plan and plan.layers:
        text = _("{missing} to download; {present} is there") if plan.present else _("{missing}")
        said = text.format(missing=size(plan.total - plan.present), present=size(plan.present))
        return _("{amount}, by its registry").format(amount=said)
    if offer and offer.size:
        text = _("{size} by the catalogue") if offer.exact else _("about {size} by the catalogue")
        return text.format(size=size(offer.size))
    if plan:
        return ""
    if model.asked:
        return _("Its size cannot be asked for from here: it is known when the pull begins.")
    return _("Not in the catalogue: asking its registry...")


def _several(models: Sequence[Outlook]) -> str:
    known = [model for model in models if model.missing]
    total = _("{size} to download").format(size=size(sum(model.missing for model in known)))
    rest = _("not known of {n}").format(n=len(models) - len(known)) if models != known else ""
    warnings = [f"{each.name}: {each.plan.warning}" for each in models
                if each.plan and each.plan.warning]  # fmt: skip
    return "\n".join((dots(total if known else "", rest), *warnings))
