"""What is shown of a session."""

from msgspec.structs import replace

from tui.domain import clock
from tui.domain.models import RunningModel
from tui.domain.replies import Stats
from tui.domain.session import Message, Role, Session, new_id
from tui.domain.status import HostStatus
from tui.screens.chats.entries import entries, status_line
from tui.worker.events import ReplyState


def message(parent: str | None, role: Role = "assistant") -> Message:
    return Message(id=new_id(), parent=parent, role=role, content="a", created_at=clock.now())


def test_alternatives_are_numbered() -> None:
    session = Session()
    question = message(None, "user")
    for each in (question, message(question.id), message(question.id)):
        session.add(each)
    assert [entry.place for entry in entries(session, None)] == [(1, 1), (2, 2)]


def test_the_gauge_moves_while_an_answer_comes() -> None:
    session = Session(model="llama3:8b")
    running = RunningModel(name="llama3:8b", context_length=8192)
    host = HostStatus(name="local", running=(running,))
    reply = ReplyState(
        session_id=session.id,
        message=message(None),
        phase="answering",
        since=clock.now(),
        tokens_per_second=40.0,
        pieces=7,
    )
    said = status_line(session, reply, host, 100)
    assert (said.used, said.allocated) == (107, 8192)
    assert status_line(session, None, host, 100).used == 100
    assert status_line(session, reply, host, 0).used == 0, "nobody has counted what came before"


def test_a_model_that_is_loaded_again_says_how_long_that_took_last_time() -> None:
    session = Session(model="llama3:8b")
    for seconds in (12.0, 0.02):
        stats = Stats(load_duration=int(seconds * 1e9))
        session.add(replace(message(session.leaf), model="llama3:8b", stats=stats))
    waits = ReplyState(
        session_id=session.id,
        message=replace(message(session.leaf), model="llama3:8b"),
        phase="loading",
        since=clock.now(),
    )
    live = entries(session, waits)[-1].live
    assert live is not None
    assert live.note == "12.0 s last time"
    live = entries(session, replace(waits, phase="reading"))[-1].live
    assert live is not None
    assert not live.note
