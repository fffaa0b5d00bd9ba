"""What a user means who types a name, or the beginning of one."""

from collections.abc import Iterable, Sequence

from tui.domain.names import same_model
from tui.domain.session import SessionTitle


def model_named(text: str, names: Sequence[str]) -> str | None:
    """The model of this name, else the only one whose name begins so."""
    exact = (name for name in names if same_model(name, text))
    return next(exact, None) or _only(text, names)


def session_named(text: str, titles: Iterable[SessionTitle]) -> str | None:
    """The id of the newest conversation of this title, else of the only one that begins so."""
    wanted, known = text.casefold(), [(title.title.casefold(), title.id) for title in titles]
    exact = (found for title, found in known if title == wanted)
    begun = [found for title, found in known if title.startswith(wanted)]
    return next(exact, None) or (begun[0] if len(begun) == 1 else None)


def _only(text: str, names: Sequence[str]) -> str | None:
    begun = [name for name in names if name.casefold().startswith(text.casefold())]
    return begun[0] if len(begun) == 1 else None
