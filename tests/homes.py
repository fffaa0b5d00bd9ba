"""Homes of people who have chatted before."""

from itertools import count
from pathlib import Path

from msgspec.structs import replace

from fake_knobs import SAMPLE
from tui.domain import clock
from tui.domain.replies import Stats
from tui.domain.session import Message, Session
from tui.store.session_file import encode

MODEL = "llama3.2:3b"
_ANSWER = 300
"""Characters of an answer."""
_ids = count(1)


def conversation(home: Path, messages: int) -> str:
    """A conversation on disk, called `Talk of 10`; the result is its id."""
    text = SAMPLE.read_text("utf-8")
    session = Session(model=MODEL, title=f"Talk of {messages}")
    for number in range(messages // 2):
        question = _message(session, f"Question {number}: what is it?")
        session.messages.append(question)
        session.leaf = question.id
        start = 37 * number % (len(text) - _ANSWER)
        stats = Stats(prompt_eval_count=900, eval_count=90, eval_duration=10**9)
        answer = _message(session, text[start : start + _ANSWER] + "\n\nThat is all.")
        answer = replace(answer, role="assistant", model=MODEL, stats=stats)
        session.messages.append(answer)
        session.leaf = answer.id
    file = home / "data" / "sessions" / f"{session.id}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(encode(session))
    return session.id


def _message(session: Session, content: str) -> Message:
    return Message(
        id=f"{next(_ids):012x}-0000000000",
        parent=session.leaf,
        role="user",
        content=content,
        created_at=clock.now(),
    )
