"""What was said is found by its words, whatever happens to the files and to the index."""

import sqlite3
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.domain.places import Places
from tui.domain.session import Message, Session
from tui.store.cache import opened
from tui.store.search import SearchStore
from tui.store.sessions import SessionStore
from tui.store.writer import Writer

MOMENT = datetime(2026, 1, 2, tzinfo=UTC)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places.below(tmp_path)


@pytest.fixture
def writer() -> Iterator[Writer]:
    writer = Writer()
    yield writer
    writer.close()


@pytest.fixture
def store(places: Places, writer: Writer) -> SessionStore:
    return SessionStore(places, writer)


def save(store: SessionStore, writer: Writer, *texts: str, session: Session | None = None) -> str:
    """The id of a session in which these things were said."""
    session = session or Session(title="x")
    for text in texts:
        said = Message(
            id=f"m{len(session.messages)}",
            parent=session.leaf,
            role="user",
            content=text,
            created_at=MOMENT,
        )
        session.add(said)
    store.save(session)
    assert writer.flush(5)
    return session.id


def found(search: SearchStore, query: str) -> list[tuple[str, str]]:
    assert search.take_in(search.behind()) == []
    return [(hit.session_id, hit.message_id) for hit in search.find(query)]


def test_messages_are_found_by_all_their_words_the_newest_first(
    store: SessionStore, writer: Writer
) -> None:
    older, newer = (Session(id=f"00000000000{n}-0123456789", title="x") for n in (1, 2))
    one = save(store, writer, "How do I mount a volume?", "With docker run -v.", session=older)
    two = save(store, writer, "Mount Everest is high", "Which volume has it?", session=newer)
    assert found(store.search, "mount") == [(two, "m0"), (one, "m0")]
    assert found(store.search, "VOLUME mount") == [(one, "m0")]
    assert found(store.search, '"mount a"') == [(one, "m0")]
    assert found(store.search, "dock") == [(one, "m1")]
    assert found(store.search, "moun volume") == []
    assert found(store.search, "") == []


def test_a_hit_tells_who_said_it_when_and_shows_the_place(
    store: SessionStore, writer: Writer
) -> None:
    save(store, writer, "Where is the needle?")
    store.search.take_in(store.search.behind())
    (hit,) = store.search.find("needle")
    assert (hit.role, hit.created_at) == ("user", MOMENT)
    assert hit.excerpt.text == "Where is the needle?"
    assert hit.excerpt.hits == (13, 14, 15, 16, 17, 18)


@pytest.mark.parametrize(
    "word", ["天气", "今", "怎么", "样", "今天天气怎么样", "ollama", "天气 OLL"]
)
def test_chinese_words_are_found_inside_a_sentence(
    store: SessionStore, writer: Writer, word: str
) -> None:
    one = save(store, writer, "今天天气怎么样？用ollama查。")
    assert found(store.search, word) == [(one, "m0")]


def test_characters_that_do_not_stand_together_are_no_word(
    store: SessionStore, writer: Writer
) -> None:
    save(store, writer, "今天天气怎么样？")
    assert found(store.search, "天样") == []


@pytest.mark.parametrize(
    "query", ['"', "*", "a*b", "NEAR(", "col:x", "-x", "^x", "\x00", "é", "x'y"]
)
def test_no_query_is_an_error(store: SessionStore, writer: Writer, query: str) -> None:
    save(store, writer, "text")
    assert found(store.search, query) == []


@given(st.text(), st.text())
def test_any_text_can_be_taken_in_taken_out_and_asked_for(first: str, second: str) -> None:
    with tempfile.TemporaryDirectory() as home:
        writer = Writer()
        store = SessionStore(Places.below(Path(home)), writer)
        search = store.search
        session = Session(title="x")
        for text in (first, second):
            session.messages = [
                Message(id="m", parent=None, role="user", content=text, created_at=MOMENT)
            ]
            store.save(session)
            assert search.take_in([session.id]) == []
            assert len(search.find(text)) <= 1
        assert search.find("surely not in there") == []
        writer.close()


def test_only_what_changed_is_read_and_what_is_gone_is_not_found(
    store: SessionStore, writer: Writer, places: Places
) -> None:
    session = Session(title="x")
    save(store, writer, "first words", session=session)
    other = save(store, writer, "other words")
    assert len(found(store.search, "words")) == 2
    assert store.search.behind() == []
    save(store, writer, "second words", session=session)
    assert store.search.behind() == [session.id]
    assert len(found(store.search, "words")) == 3
    session.messages[0] = Message(
        id="m0", parent=None, role="user", content="changed", created_at=MOMENT
    )
    save(store, writer, session=session)
    assert found(store.search, "first") == []
    assert found(store.search, "changed") == [(session.id, "m0")]
    (places.sessions / f"{other}.json").unlink()
    assert found(store.search, "words") == [(session.id, "m1")]
    store.remove(session.id)
    assert writer.flush(5)
    store.search.take_in([session.id])
    assert store.search.find("words") == []


def test_what_is_not_written_yet_is_found(
    store: SessionStore, writer: Writer, places: Places
) -> None:
    places.data.write_bytes(b"")  # a file in the folder's place: nothing can be written
    session = Session(title="x")
    session.add(Message(id="m", parent=None, role="user", content="unsaved", created_at=MOMENT))
    store.save(session)
    assert store.search.take_in([session.id]) == []
    assert [hit.session_id for hit in store.search.find("unsaved")] == [session.id]
    places.data.unlink()


def test_a_damaged_session_is_told_and_the_rest_is_found(
    store: SessionStore, writer: Writer, places: Places
) -> None:
    one = save(store, writer, "words")
    (places.sessions / "bad.json").write_bytes(b"{")
    (told,) = store.search.take_in(store.search.behind())
    assert "bad.json" in told
    assert found(store.search, "words") == [(one, "m0")]


@pytest.mark.parametrize("harm", ["missing", "rubbish", "version"])
def test_an_index_that_is_missing_or_damaged_is_rebuilt(
    store: SessionStore, writer: Writer, places: Places, harm: str
) -> None:
    one = save(store, writer, "words")
    assert found(store.search, "words") == [(one, "m0")]
    places.index.unlink()
    if harm == "rubbish":
        places.index.write_bytes(b"not a database" * 1000)
        assert store.search.find("words") == []
    if harm == "version":
        connection = sqlite3.connect(places.index)
        connection.execute("create table texts (what)")
        connection.execute("pragma user_version = 1")
        connection.close()
    assert found(store.search, "words") == [(one, "m0")]


def test_a_start_asks_the_index_only_where_something_changed(
    store: SessionStore, writer: Writer, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = save(store, writer, "words"), save(store, writer, "more words")
    assert store.unsearchable() == [one, other]
    assert found(store.search, "more") == [(other, "m0")]
    with monkeypatch.context() as patch:
        patch.setattr(SearchStore, "behind", lambda _self: pytest.fail("it was asked"))
        assert store.unsearchable() == []
    third = save(store, writer, "other words")
    assert store.unsearchable() == [third]
    store.remove(third)
    store.remove(one)
    assert writer.flush(5)
    assert store.unsearchable() == []
    assert found(store.search, "words") == [(other, "m0")]


@pytest.mark.parametrize("harm", ["no index", "no word of it", "word of another version"])
def test_without_a_true_word_of_the_index_it_is_asked_itself(
    store: SessionStore, writer: Writer, places: Places, harm: str
) -> None:
    one = save(store, writer, "words")
    assert found(store.search, "words") == [(one, "m0")]
    if harm == "word of another version":
        places.taken.write_bytes(places.taken.read_bytes().replace(b'"version":3', b'"version":2'))
    else:
        (places.index if harm == "no index" else places.taken).unlink()
    assert store.unsearchable() == ([one] if harm == "no index" else [])
    assert found(store.search, "words") == [(one, "m0")]


def test_an_index_that_another_program_writes_stays(
    store: SessionStore, writer: Writer, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = save(store, writer, "words")
    assert found(store.search, "words") == [(one, "m0")]
    monkeypatch.setattr("tui.store.cache.PATIENCE", 0.01)
    other = sqlite3.connect(places.index)
    other.execute("begin exclusive")
    assert store.search.find("words") == []
    other.rollback()
    other.close()
    assert store.search.behind() == []
    assert found(store.search, "words") == [(one, "m0")]


def test_several_who_come_first_at_once_lose_nothing_of_each_other(tmp_path: Path) -> None:
    for turn in range(30):
        path, start = tmp_path / f"{turn}.sqlite", threading.Barrier(6)

        def put(number: int, path: Path = path, start: threading.Barrier = start) -> None:
            start.wait()
            with opened(path, "create table if not exists taken (session text)") as cache:
                cache.execute("insert into taken values (?)", (str(number),))

        with ThreadPoolExecutor(6) as threads:
            list(threads.map(put, range(6)))
        with opened(path) as cache:
            assert len(cache.execute("select * from taken").fetchall()) == 6
