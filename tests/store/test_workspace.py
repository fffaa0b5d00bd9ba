"""The workspace, the history and the queue come back as they were left."""

from pathlib import Path

import pytest

from tui.domain import clock
from tui.domain.places import Places
from tui.domain.pulls import Layer, Pull
from tui.domain.wishes import Wish
from tui.store.jobs import JobStore
from tui.store.workspace import Workspace, WorkspaceStore
from tui.store.writer import Writer


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places.below(tmp_path)


def test_a_workspace_comes_back(places: Places) -> None:
    writer = Writer()
    store = WorkspaceStore(places, writer)
    assert store.load() == Workspace()
    left = Workspace(tabs=["a", "b"], active="b", drafts={"": "typed\u2028"}, host="gpu")
    store.save(left)
    assert writer.close()
    assert store.load() == left
    assert store.damaged == []


def test_a_draft_of_another_program_stays_until_that_has_done_with_it(places: Places) -> None:
    writer = Writer()
    first, second = WorkspaceStore(places, writer), WorkspaceStore(places, writer)

    def saved(store: WorkspaceStore, **drafts: str) -> dict[str, str]:
        store.save(Workspace(drafts=drafts))
        return WorkspaceStore(places, writer).load().drafts

    assert first.load() == second.load() == Workspace()
    assert saved(first, a="one") == {"a": "one"}
    assert saved(second, b="two") == {"a": "one", "b": "two"}
    assert writer.flush(5)
    assert saved(second) == {"a": "one"}
    assert saved(first, a="one, longer") == {"a": "one, longer"}
    assert saved(second) == {"a": "one, longer"}
    assert saved(first) == {}
    assert writer.close()
    assert saved(second, a="mine, caf\udce9") == {"a": "mine, caf?"}
    assert saved(second) == {}


def test_a_draft_and_a_question_that_are_no_utf8_come_back_with_a_mark(places: Places) -> None:
    writer = Writer()
    store = WorkspaceStore(places, writer)
    store.save(Workspace(drafts={"": "caf\udce9"}))
    store.remember("caf\udce9")
    assert writer.close()
    assert (store.load().drafts, store.history()) == ({"": "caf?"}, ["caf?"])


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"tabs": 1}', b"\xff", b""])
def test_a_damaged_workspace_is_kept_aside_and_told(places: Places, content: bytes) -> None:
    store = WorkspaceStore(places, Writer())
    places.state.mkdir()
    (places.state / "workspace.json").write_bytes(content)
    assert store.load() == Workspace()
    kept = next(places.state.glob("workspace.json.damaged-*"))
    assert kept.read_bytes() == content
    assert len(store.damaged) == 1
    assert str(kept) in store.damaged[0]


def test_the_history_comes_back_in_order(places: Places) -> None:
    writer = Writer()
    store = WorkspaceStore(places, writer)
    assert store.history() == []
    sent = ["one\nline", "zwei\u2028", "三"]
    for text in sent:
        store.remember(text)
    assert writer.flush(5)
    assert store.history() == sent
    with (places.state / "history").open("ab") as file:
        file.write(b'"cut off\n\xff\n5\n')
    store.remember("four")
    assert writer.close()
    assert store.history() == [*sent, "four"]


def test_only_the_newest_of_a_long_history_are_read(places: Places) -> None:
    writer = Writer()
    store = WorkspaceStore(places, writer)
    places.state.mkdir()
    (places.state / "history").write_bytes(b"".join(b'"%d"\n' % n for n in range(5000)))
    history = store.history()
    assert history[-1] == "4999"
    assert len(history) <= 500


def test_jobs_come_back_in_the_order_of_the_queue(places: Places) -> None:
    writer = Writer()
    store = JobStore(places, writer)
    layer = Layer(digest="sha256:1", total=10, completed=4)
    second = Pull(id="1", name="a:latest", place=2, layers=(layer,), log=((clock.now(), "queued"),))
    first = Pull(id="2", name="b:latest", place=1, state="paused")
    for pull in (second, first):
        store.save(pull)
    assert writer.flush(5)
    assert store.load() == [first, second]
    assert store.load(known={"1"}) == [first]
    store.remove("2")
    assert writer.close()
    assert store.load() == [second]


def test_a_damaged_wish_is_forgotten_and_the_rest_are_told(places: Places) -> None:
    writer = Writer()
    store = JobStore(places, writer)
    store.wish(Wish(kind="pause", job="1"))
    assert writer.close()
    for name, content in (("0", b'{"kind":"pause","job":"\xff"}'), ("1", b"{")):
        (places.queue / f"{name}.wish").write_bytes(content)
    assert store.wishes() == [Wish(kind="pause", job="1")]
    assert [*places.queue.iterdir()] == []


def test_a_damaged_job_is_kept_aside_and_the_rest_loads(places: Places) -> None:
    writer = Writer()
    store = JobStore(places, writer)
    store.save(Pull(id="1", name="a:latest"))
    assert writer.close()
    (places.queue / "2.json").write_bytes(b'{"id":')
    assert [pull.id for pull in store.load()] == ["1"]
    kept = next(places.queue.glob("2.json.damaged-*"))
    assert [str(kept) in text for text in store.damaged] == [True]
