"""All answers to one question: those that are there, on their way, and still to come."""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from tui.domain.language import _
from tui.domain.session import Message, Session
from tui.screens.chats.entries import live_entry
from tui.screens.signals import ReplyEvent, SessionEvent
from tui.widgets.entry import Entry, Live
from tui.widgets.glyphs import g
from tui.widgets.tab_strip import Tab
from tui.worker.events import ReplyChanged, ReplyState, SessionChanged, SessionsLearned
from tui.worker.others import Asked
from tui.worker.worker import Worker

_ENDS = {
    "stopped": (g.paused, "$muted"),
    "interrupted": (g.failed, "$warning"),
    "failed": (g.failed, "$error"),
}


def answers(worker: Worker, session_id: str, question: str) -> list[Entry]:
    """In the order in which they began; where several hosts answer, each with its own."""
    session = worker.conversations.open(session_id)
    said = [m for m in session.messages if (m.parent, m.role) == (question, "assistant")]
    running = [each for each in worker.replies.beside(session_id) if _asked(each) == question]
    waiting = [each for each in worker.others.queue(session_id) if each.question == question]
    begun = [
        *(Entry(each, thought=each.thought) for each in said),
        *(live_entry(session, each, (1, 1)) for each in running),
    ]
    begun.sort(key=lambda each: each.message.id)
    return _numbered([*begun, *(_coming(session, each, running) for each in waiting)])


def _asked(reply: ReplyState) -> str | None:
    return reply.message.parent


def _coming(session: Session, asked: Asked, running: Iterable[ReplyState]) -> Entry:
    """One that waits until its host has answered."""
    host = asked.host or session.host
    ahead = [each.message.model for each in running if each.message.host == host]
    message = Message(
        id=f"{asked.question} {host} {asked.model}",
        parent=asked.question,
        role="assistant",
        content="",
        model=asked.model,
        host=host,
        created_at=asked.since,
    )
    return Entry(message, live=Live("queued", asked.since, next(iter(ahead), "")))


def _numbered(entries: list[Entry]) -> list[Entry]:
    several = len({each.message.host for each in entries}) > 1
    count = len(entries)
    return [
        replace(each, place=(at, count), host=each.message.host if several else "")
        for at, each in enumerate(entries, 1)
    ]


def place_of(entry: Entry, entries: Sequence[Entry]) -> int:
    """Where an answer is now: one that waited has got another id since."""
    messages = [each.message for each in entries]
    wanted = entry.message
    for at, each in enumerate(messages):
        if each.id == wanted.id:
            return at
    same = (at for at, m in enumerate(messages) if (m.model, m.host) == (wanted.model, wanted.host))
    return next(same, 0)


def session_of(event: ReplyEvent | SessionEvent) -> str:
    """The id of the conversation that an event is about; empty if it is about all."""
    match event:
        case ReplyChanged():
            return event.reply.session_id
        case SessionChanged():
            return event.session.id
        case SessionsLearned():
            return ""
    return event.session_id


def tab_of(entry: Entry) -> Tab:
    """An answer as a tab: who gives it, and how it stands."""
    live, state = entry.live, entry.message.state
    mark, style = _ENDS.get(state, ("", "$muted"))
    if live is not None:
        mark, style = (g.queued, "$muted") if live.phase == "queued" else (g.up, "$accent")
    return Tab(entry.message.id, entry.answerer or _("answer"), mark, style)
