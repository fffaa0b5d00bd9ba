"""The two messages that a turn is made of, and those that stand beside them."""

from collections.abc import Mapping

from msgspec.structs import replace

from tui.domain import clock
from tui.domain.session import Attached, Message, Session, new_id
from tui.domain.unicode import writable

_QUOTES = '"""'


def quotes_open(text: str) -> bool:
    """Whether a message or a command goes on: three quotes that begin it are not closed yet."""
    return text.startswith((_QUOTES, "/")) and text.count(_QUOTES) % 2 == 1


def quoted(text: str) -> str:
    """What stands between three quotes, if all of a message does; "" otherwise."""
    inner = text.strip().removeprefix(_QUOTES).removesuffix(_QUOTES)
    is_quoted = text.strip() == f"{_QUOTES}{inner}{_QUOTES}" and _QUOTES not in inner
    return inner.strip("\n") if is_quoted else ""


def question(
    session: Session,
    text: str,
    instead_of: Message | None = None,
    attached: Mapping[str, Attached] | None = None,
) -> Message:
    """What the user asks at the end of the branch shown, or beside an earlier question."""
    return Message(
        id=new_id(),
        parent=instead_of.parent if instead_of else session.leaf,
        role="user",
        content=writable(text),
        attachments=[*attached] if attached else [],
        attached=dict(attached) if attached else {},
        created_at=clock.now(),
    )


def reworded(answer: Message, text: str) -> Message:
    """An answer as the user would have it; it stands beside what the model said."""
    return replace(
        answer,
        id=new_id(),
        content=writable(text),
        created_at=clock.now(),
        stats=None,
        unseen=0,
        fault="",
    )


def answer(
    session: Session, parent: str | None, begun: Message | None, model: str, host: str
) -> Message:
    """What a model is about to say, or to go on with; empty names are the session's own."""
    return Message(
        id=new_id(),
        parent=parent,
        role="assistant",
        content=begun.content if begun else "",
        thinking=begun.thinking if begun else "",
        thought=begun.thought if begun else 0.0,
        model=model or session.model,
        host=host or session.host,
        form="json" if session.format else "",
        created_at=clock.now(),
    )


def joined(*drafts: str) -> str:
    """What was typed at several times, as one text."""
    return "\n\n".join(filter(None, drafts))
