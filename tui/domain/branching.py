"""Taking a conversation's tree apart: a branch made into one of its own, a part cut out."""

import msgspec

from tui.domain import clock
from tui.domain.language import _
from tui.domain.session import Message, Session, new_id


class Cut(msgspec.Struct, frozen=True):
    """What was cut out of a conversation, and all that is needed to mend it."""

    messages: tuple[tuple[int, Message], ...]
    """Each with its place among all messages."""
    leaf: str | None
    """What was shown last before."""


def fork(session: Session, leaf: str) -> Session:
    """A conversation of its own that is the same up to a message, and goes on as it likes."""
    now = clock.now()
    return msgspec.structs.replace(
        session,
        id=new_id(),
        title=_("{title} (fork)").format(title=session.title).strip(),
        created_at=now,
        updated_at=now,
        options=dict(session.options),
        tags=[*session.tags],
        extra=dict(session.extra),
        messages=session.branch(leaf),
        leaf=leaf,
        queued=[],
        carried={},
        pinned=False,
        archived=False,
    )


def cut(session: Session, message: Message) -> Cut:
    """Take a message out with all that follows it; show what stood beside it, or before it."""
    gone = _below(session, message)
    taken = Cut(
        tuple((at, m) for at, m in enumerate(session.messages) if m.id in gone), session.leaf
    )
    family = session.siblings(message)
    at = family.index(message)
    beside = [*family[:at][::-1], *family[at + 1 :]]
    session.messages = [m for m in session.messages if m.id not in gone]
    if session.leaf in gone and beside:
        session.show(beside[0])
    elif session.leaf in gone:
        session.leaf = message.parent
    session.updated_at = clock.now()
    return taken


def mend(session: Session, taken: Cut) -> None:
    """Put back what was cut out, and show what was shown."""
    messages = [*session.messages]
    for at, message in taken.messages:
        messages.insert(at, message)
    session.messages, session.leaf = messages, taken.leaf
    session.updated_at = clock.now()


def _below(session: Session, message: Message) -> set[str]:
    """The ids of a message and of all that follows it, on every branch."""
    children: dict[str | None, list[str]] = {}
    for each in session.messages:
        children.setdefault(each.parent, []).append(each.id)
    found, ahead = set[str](), [message.id]
    while ahead:
        at = ahead.pop()
        if at not in found:  # a damaged file may hold a circle
            found.add(at)
            ahead += children.get(at, [])
    return found
