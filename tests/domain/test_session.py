"""A conversation is a tree of which one branch is shown."""

from datetime import UTC, datetime, timedelta
from typing import Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.domain.session import Message, Session, new_id, title_from, wire

MOMENT = datetime(2026, 11, 22, tzinfo=UTC)


def message(
    id: str,
    parent: str | None,
    role: Literal["user", "assistant", "tool"] = "user",
    text: str = "x",
) -> Message:
    return Message(id=id, parent=parent, role=role, content=text, created_at=MOMENT)


@pytest.fixture
def session() -> Session:
    """A question with two answers; the second was asked on from, once and once again."""
    session = Session()
    for each in (
        message("q1", None, text="Why is the sky blue?"),
        message("a1", "q1", "assistant", "Because."),
        message("a2", "q1", "assistant", "Rayleigh."),
        message("q2", "a2", text="Who?"),
        message("b1", "q2", "assistant", "A lord."),
        message("q3", "a2", text="Whom?"),
    ):
        session.add(each)
    return session


def ids(messages: list[Message]) -> list[str]:
    return [each.id for each in messages]


def test_the_branch_shown_ends_with_what_was_added_last(session: Session) -> None:
    assert ids(session.branch()) == ["q1", "a2", "q3"]
    assert ids(session.branch("b1")) == ["q1", "a2", "q2", "b1"]
    assert session.branch("nobody") == []
    assert Session().branch() == []


def test_siblings_are_the_alternatives_oldest_first(session: Session) -> None:
    assert ids(session.siblings(session.messages[2])) == ["a1", "a2"]
    assert ids(session.siblings(session.messages[3])) == ["q2", "q3"]
    assert ids(session.siblings(session.messages[0])) == ["q1"]


def test_a_tools_result_is_no_alternative_to_an_answer(session: Session) -> None:
    session.add(message("t1", "q1", "tool"))
    assert ids(session.siblings(session.messages[1])) == ["a1", "a2"]


def test_showing_a_message_goes_down_to_its_newest_end(session: Session) -> None:
    session.show(session.messages[1])
    assert ids(session.branch()) == ["q1", "a1"]
    session.show(session.messages[2])
    assert ids(session.branch()) == ["q1", "a2", "q3"]
    session.show(session.messages[3])
    assert ids(session.branch()) == ["q1", "a2", "q2", "b1"]


def test_a_message_replaced_stays_in_its_place(session: Session) -> None:
    session.replace(message("a1", "q1", "assistant", "Because of light."))
    assert ids(session.messages) == ["q1", "a1", "a2", "q2", "b1", "q3"]
    found = session.get("a1")
    assert found
    assert found.content == "Because of light."
    assert session.leaf == "q3"


def test_a_message_added_twice_is_there_once(session: Session) -> None:
    session.add(message("a1", "q1", "assistant", "Light."))
    assert len(session.messages) == 6
    assert session.leaf == "a1"


def test_a_circle_in_a_damaged_file_ends() -> None:
    session = Session(messages=[message("a", "b"), message("b", "a"), message("c", "c")], leaf="a")
    assert sorted(ids(session.branch())) == ["a", "b"]
    session.show(session.messages[0])
    assert session.leaf in ("a", "b")
    session.show(session.messages[2])
    assert ids(session.branch()) == ["c"]


def test_the_first_question_gives_the_title(session: Session) -> None:
    assert session.title == "Why is the sky blue?"
    named = Session(title="Mine")
    named.add(message("q", None))
    assert named.title == "Mine"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("", ""),
        ("  two\n\nlines ", "two lines"),
        ("x" * 48, "x" * 48),
        ("x" * 60, "x" * 48 + "…"),
        ("one " * 20, " ".join(["one"] * 12) + "…"),
    ],
)
def test_a_title_is_the_first_words(text: str, title: str) -> None:
    assert title_from(text) == title


@given(st.text())
def test_a_title_is_one_short_line(text: str) -> None:
    title = title_from(text)
    assert len(title) <= 49
    assert title == " ".join(title.split())


def test_the_wire_has_roles_and_texts_only(session: Session) -> None:
    assert wire(session.branch("a2"), "Be brief.") == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Why is the sky blue?"},
        {"role": "assistant", "content": "Rayleigh."},
    ]


def test_an_answer_that_failed_before_its_first_word_is_not_sent() -> None:
    calls = [{"function": {"name": "look", "arguments": {}}}]
    failed = message("a", None, "assistant", "")
    called = msgspec.structs.replace(failed, tool_calls=calls)
    assert wire([failed]) == []
    assert wire([called]) == [{"role": "assistant", "content": "", "tool_calls": calls}]


@pytest.mark.parametrize(
    ("state", "reason", "text", "resumable"),
    [
        ("complete", "stop", "Yes", False),
        ("complete", "length", "Yes", True),
        ("stopped", "", "Yes", True),
        ("interrupted", "", "Yes", True),
        ("interrupted", "", "", False),
        ("failed", "", "Yes", False),
    ],
)
def test_an_answer_cut_short_can_go_on(
    state: Literal["complete", "stopped", "interrupted", "failed"],
    reason: str,
    text: str,
    resumable: bool,
) -> None:
    answer = message("a", None, "assistant", text)
    answer = msgspec.structs.replace(answer, state=state, done_reason=reason)
    assert answer.resumable is resumable


def test_ids_sort_by_time() -> None:
    made = [new_id() for _ in range(50)]
    assert len(set(made)) == 50
    assert made == sorted(made)  # also of those made within one millisecond


def test_an_answer_that_ended_first_stands_behind_the_one_that_was_asked_for_first() -> None:
    session = Session()
    question = message("q", None, "user", "Why?")
    first, second = message("1", "q", "assistant", "A"), message("2", "q", "assistant", "B")
    second = msgspec.structs.replace(second, created_at=first.created_at + timedelta(seconds=1))
    for each in (question, second, first):
        session.add(each)
    assert [each.id for each in session.siblings(first)] == ["1", "2"]
    assert session.leaf == "1"
