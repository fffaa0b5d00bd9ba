"""Branches made into conversations of their own; parts cut out and put back."""

from datetime import UTC, datetime

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from tui.domain.branching import cut, fork, mend
from tui.domain.session import Message, Role, Session

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


def said(id: str, parent: str | None, role: Role = "user") -> Message:
    return Message(id=id, parent=parent, role=role, content=id, created_at=NOON)


def tree() -> Session:
    """A question with two answers, the second of which was followed by another question."""
    messages = [
        said("q", None),
        said("a1", "q", "assistant"),
        said("a2", "q", "assistant"),
        said("q2", "a2"),
        said("b", "q2", "assistant"),
    ]
    return Session(title="Tree", model="m", queued=["later"], messages=messages, leaf="b")


def test_a_fork_holds_the_branch_up_to_the_message() -> None:
    session = tree()
    forked = fork(session, "a2")
    assert [m.id for m in forked.messages] == ["q", "a2"]
    assert (forked.leaf, forked.title, forked.model) == ("a2", "Tree (fork)", "m")
    assert forked.queued == []
    assert forked.id != session.id
    forked.options["seed"] = 1
    assert session.options == {}
    assert len(session.messages) == 5


def test_what_follows_goes_along_and_the_sibling_is_shown() -> None:
    session = tree()
    taken = cut(session, session.messages[2])
    assert [m.id for m in session.messages] == ["q", "a1"]
    assert session.leaf == "a1"
    mend(session, taken)
    assert session == msgspec.structs.replace(
        tree(), id=session.id, created_at=session.created_at, updated_at=session.updated_at
    )


def test_without_a_sibling_the_parent_is_shown() -> None:
    session = tree()
    cut(session, session.messages[4])
    assert session.leaf == "q2"


def test_another_branch_than_the_one_shown_goes_unnoticed() -> None:
    session = tree()
    cut(session, session.messages[1])
    assert session.leaf == "b"
    assert [m.id for m in session.branch()] == ["q", "a2", "q2", "b"]


@given(st.lists(st.integers(0, 9), min_size=1, max_size=10), st.data())
def test_whatever_is_cut_the_tree_is_whole_and_mends(
    parents: list[int], data: st.DataObject
) -> None:
    messages = [said("0", None)]
    for number, parent in enumerate(parents, 1):
        messages.append(said(str(number), str(parent % number)))
    session = Session(messages=messages, leaf=data.draw(st.sampled_from(messages)).id)
    before, leaf = session.messages, session.leaf
    cuts = []
    for _each in range(data.draw(st.integers(1, 3))):
        rest = [m for m in session.messages if m.parent is not None]
        if not rest:
            break
        cuts.append(cut(session, data.draw(st.sampled_from(rest))))
        known = {m.id for m in session.messages}
        assert session.leaf in known
        assert all(m.parent is None or m.parent in known for m in session.messages)
    for each in reversed(cuts):
        mend(session, each)
    assert (session.messages, session.leaf) == (before, leaf)
