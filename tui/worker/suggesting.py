"""What a model name that no registry knows may have been meant to be."""

import difflib

from tui.domain.language import _
from tui.domain.names import (
    DEFAULT_HOST,
    DEFAULT_NAMESPACE,
    DEFAULT_TAG,
    BadModelName,
    ModelName,
)
from tui.store.catalogue import offers

_MOST = 3


def did_you_mean(text: str) -> str:
    """A question that names the nearest of the catalogue; empty where nothing is near."""
    found = suggestions(text)
    return _("Did you mean {names}?").format(names=", ".join(found)) if found else ""


def suggestions(text: str) -> list[str]:
    """Names of the catalogue that are nearly the one asked for, the nearest first."""
    try:
        name = ModelName.parse(text).folded
    except BadModelName:
        return []
    if (name.host, name.namespace) != (DEFAULT_HOST, DEFAULT_NAMESPACE):
        return []
    known = [offer.name for offer in offers()]
    tags = [each for each in known if each.startswith(f"{name.model}:")]
    if tags:
        return difflib.get_close_matches(name.short, tags, _MOST)
    models = [*dict.fromkeys(each.partition(":")[0] for each in known)]
    near = difflib.get_close_matches(name.model, models, _MOST)
    tagged = [each for model in near if (each := f"{model}:{name.tag}") in known]
    return near if name.tag == DEFAULT_TAG else tagged or near
