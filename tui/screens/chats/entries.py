"""From a session to what the transcript and the status line show of it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from tui.domain.language import _
from tui.domain.models import LocalModel
from tui.domain.session import Message, Session
from tui.domain.status import HostStatus
from tui.widgets.chat_status import StatusLine
from tui.widgets.entry import Entry, Live
from tui.widgets.facts import span
from tui.worker.events import ReplyState

_LONG = 1.0
"""Seconds of loading that are worth to be told."""


def entries(session: Session, reply: ReplyState | None) -> list[Entry]:
    """The branch shown, with the running answer behind its question."""
    branch = session.branch(reply.message.parent if reply else None)
    families: dict[tuple[str | None, str], list[str]] = defaultdict(list)
    if len(branch) < len(session.messages):  # else nothing stands beside it
        for message in session.messages:
            families[message.parent, message.role].append(message.id)
    shown = [
        _entry(message, families.get((message.parent, message.role), ()), session.host)
        for message in branch
    ]
    if reply is not None:
        before = families.get((reply.message.parent, reply.message.role), ())
        shown.append(live_entry(session, reply, (len(before) + 1, len(before) + 1)))
    return shown


def live_entry(session: Session, reply: ReplyState, place: tuple[int, int]) -> Entry:
    """The running answer, the newest of its siblings."""
    live = Live(
        phase=reply.phase,
        since=reply.since,
        detail=reply.detail,
        tokens_per_second=reply.tokens_per_second,
        note=_last_load(session, reply.message.model) if reply.phase == "loading" else "",
    )
    there = elsewhere(reply.message, session.host)
    return Entry(reply.message, place, live, reply.message.thought, host=there)


def elsewhere(message: Message, host: str) -> str:
    """The host that answered, if that is not `host`."""
    return "" if message.host == host else message.host


def _last_load(session: Session, model: str) -> str:
    """How long the model took to load when that was last waited for here."""
    told = (each.stats for each in reversed(session.messages) if each.model == model)
    seconds = (stats.load_duration / 1e9 for stats in told if stats)
    took = next((each for each in seconds if each >= _LONG), 0.0)
    return _("{span} last time").format(span=span(took)) if took else ""


def _entry(message: Message, family: Sequence[str], host: str) -> Entry:
    place = (family.index(message.id) + 1, len(family)) if family else (1, 1)
    return Entry(message, place, thought=message.thought, host=elsewhere(message, host))


def status_line(
    session: Session, reply: ReplyState | None, host: HostStatus, used: int, note: str = ""
) -> StatusLine:
    """What the rule above the prompt says; of a context nobody has counted yet, nothing.

    What is coming is counted in pieces, until the server tells its own count.
    """
    if reply and used:
        used += reply.pieces
    return StatusLine(
        phase=reply.phase if reply else None,
        since=reply.since if reply else None,
        detail=reply.detail if reply else "",
        tokens_per_second=reply.tokens_per_second if reply else 0.0,
        used=used,
        allocated=allocated(session.model, host) if used else 0,
        options=tuple(_settings(session)),
        note=note,
    )


def _settings(session: Session) -> Iterator[tuple[str, str]]:
    """What was set for this conversation, but for its system prompt."""
    yield from ((name, str(value)) for name, value in session.options.items())
    if session.format:
        yield "format", "json"
    if session.think is not None:
        words = {True: _("on"), False: _("off")}
        yield "think", session.think if isinstance(session.think, str) else words[session.think]


def context_used(session: Session) -> int:
    """Tokens of the context taken, by the last counts of the branch shown."""
    for message in reversed(session.branch()):
        if message.stats is not None:
            return message.stats.prompt_eval_count + message.stats.eval_count
    return 0


def allocated(model: str, host: HostStatus) -> int:
    """The window that the server gave the model; 0 while it is not loaded.

    Where models are chosen at the start, so are their windows.
    """
    given = next((each.context_length for each in host.running if each.name == model), 0)
    if given or not host.is_fixed:
        return given
    models = host.models or ()
    return next((each.details.context_length or 0 for each in models if each.name == model), 0)


def preferred(host: HostStatus, last: str) -> str:
    """The model for a new chat: the last used, else a loaded one, else the newest that chats."""
    models = host.models or ()
    names = [model.name for model in models if chats(model)]
    candidates = [last, *(model.name for model in host.running), *names]
    return next((name for name in candidates if name in names), last if not models else "")


def chats(model: LocalModel) -> bool:
    """Whether a model answers in words."""
    return model.capabilities is None or "completion" in model.capabilities


def note(earlier: Message | None) -> str:
    """What becomes of the draft that is to stand beside a message."""
    if earlier is None:
        return ""
    if earlier.role == "user":
        return _("in other words; the old question stays beside it")
    return _("corrected by you; what the model said stays beside it")
