"""Conversations that this program exported."""

import msgspec

from tui.domain.language import _
from tui.domain.session import Session, new_id
from tui.store.session_file import Unreadable, decode, newer


def fits(entry: object) -> bool:
    """Whether an entry is of this kind."""
    return isinstance(entry, dict) and isinstance(entry.get("schema"), int)


def session(entry: object) -> Session:
    """The conversation under an id of its own. Raises ValueError."""
    try:
        found = decode(msgspec.json.encode(entry))
    except Unreadable as error:
        raise ValueError(str(error)) from error
    if newer(found):
        raise ValueError(_("a newer version of this program wrote it"))
    if not found.messages:
        raise ValueError(_("there are no messages in it"))
    found.id, found.queued, found.carried = new_id(), [], {}
    return found
