"""Commands of the prompt that are about models."""

from collections.abc import Sequence

from tui.domain.language import _
from tui.domain.names import same_model
from tui.screens.models.screen import ModelsScreen

_WITHOUT_A_MODEL = {"pull": "pull", "update": "update_all", "disk": "disk"}
"""What is done where no model is named."""


def act(page: ModelsScreen, what: str, words: Sequence[str]) -> None:
    """Do it with the models that are named, else with the chat's own."""
    if not page.keeps_models(page.status.name):
        return
    if what == "pull" and words:
        page.enqueue(words)
    elif what == "discover":
        page.action_discover(" ".join(words))
    elif not words and what in _WITHOUT_A_MODEL:
        getattr(page, f"action_{_WITHOUT_A_MODEL[what]}")()
    elif _turn_to(page, words or [page.model]):
        getattr(page, f"action_{what}")()


def _turn_to(page: ModelsScreen, wanted: Sequence[str]) -> bool:
    """Put the cursor on the model, or mark several; False if one is missing."""
    known = [each.name for each in page.status.models or ()]
    found = []
    for each in wanted:
        name = next((name for name in known if same_model(name, each)), None)
        if name is None:
            text = _("There is no model {name} on {host}.")
            said = text.format(name=each, host=page.status.shown)
            page.notify(said, severity="error", markup=False)
            return False
        found.append(name)
    page.show_models(found)
    return True
