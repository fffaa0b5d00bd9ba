"""Whether what is being typed will fit the model's window."""

from tui.domain.context import Load, Overflow, tokens_of
from tui.domain.language import _, many
from tui.domain.session import Message, Session
from tui.domain.status import HostStatus
from tui.domain.units import tokens
from tui.screens.chats.entries import allocated


class Fitting:
    """Knows what a conversation takes of the window: weighed once a turn, not at every key."""

    def __init__(self) -> None:
        self._weighed: tuple[object, ...] = ()
        self._load = Load(0.0)

    def overflow(
        self, session: Session, draft: str, host: HostStatus, instead_of: Message | None
    ) -> Overflow | None:
        """What will not fit if the draft is sent now."""
        window = _window(session, host)
        if not window or not draft.strip() or draft.startswith("/"):
            return None
        about = (session.id, session.updated_at, session.leaf, session.system, instead_of)
        if about != self._weighed:
            self._weighed = about
            self._load = Load.of(_before(session, instead_of), session.system)
        return self._load.overflow(tokens_of(draft), window)


def warning(overflow: Overflow, host: HostStatus) -> tuple[str, str]:
    """What is wrong, and what comes of it."""
    said = _("about {n} tokens too long").format(n=tokens(overflow.too_long))
    if host.is_fixed:
        return said, _("the server will refuse it")
    if overflow.hopeless:
        return said, _("the server cuts it or refuses it")
    consequence = many(
        "the oldest message will not be seen",
        "the oldest {n} messages will not be seen",
        overflow.unseen,
    )
    return said, consequence.format(n=overflow.unseen)


def _before(session: Session, instead_of: Message | None) -> list[Message]:
    if instead_of is None:
        return session.branch()
    return session.branch(instead_of.parent) if instead_of.parent else []


def _window(session: Session, host: HostStatus) -> int:
    """The window that the question will find: what was asked for, but no more than there is."""
    wanted = session.options.get("num_ctx")
    if not isinstance(wanted, int) or host.is_fixed:
        return allocated(session.model, host)
    longest = next(
        (m.details.context_length for m in host.models or () if m.name == session.model), None
    )
    return min(wanted, longest) if longest else wanted
