"""Conversations on disk survive crashes, damage, newer versions and the trash."""

import json
import os
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tui.domain.places import Places
from tui.domain.session import SCHEMA, Message, Session
from tui.store.locks import Lock
from tui.store.session_file import decode, encode, newer
from tui.store.sessions import TRASH_SECONDS, Found, SessionDamaged, SessionStore
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


def message(id: str, parent: str | None = None, content: str = "", **more: object) -> Message:
    asked = Message(id=id, parent=parent, role="user", content=content or id, created_at=MOMENT)
    return replace(asked, **more)


def saved(store: SessionStore, writer: Writer, *messages: Message, **fields: object) -> Session:
    session = replace(Session(model="llama3.2:3b"), **fields)
    for each in messages:
        session.add(each)
    store.save(session)
    assert writer.flush(5)
    return session


def path_of(places: Places, id: str) -> Path:
    return places.sessions / f"{id}.json"


def rewrite(path: Path, **changes: object) -> dict[str, Any]:
    raw: dict[str, Any] = json.loads(path.read_bytes()) | changes
    path.write_text(json.dumps(raw))
    return raw


# --- form ---


def test_a_session_comes_back_as_it_was(store: SessionStore, writer: Writer) -> None:
    question = message("q", content="Why\u2028so 🌍?")
    answer = message("a", "q", role="assistant", state="interrupted", error="cut", thought=1.5)
    session = saved(store, writer, question, answer, options={"num_ctx": 4096}, tags=["x"])
    assert store.load(session.id) == session


def test_what_is_no_utf8_keeps_nothing_from_being_saved(
    store: SessionStore, writer: Writer
) -> None:
    session = saved(store, writer, message("q", None, "caf\udce9"), title="na\udcefve", tags=["a"])
    found = store.load(session.id)
    assert (found.title, found.messages[0].content) == ("na?ve", "caf?")
    assert replace(found, title=session.title, messages=session.messages) == session


def test_a_session_file_is_readable_and_diffable(
    store: SessionStore, writer: Writer, places: Places
) -> None:
    session = saved(store, writer, message("q", content="Hi"))
    text = path_of(places, session.id).read_text("utf-8")
    assert text.endswith("}\n")
    assert '\n   "content": "Hi"' in text
    assert path_of(places, session.id).stat().st_mode & 0o777 == 0o600


def test_unknown_fields_survive_a_load_and_a_save(
    store: SessionStore, writer: Writer, places: Places
) -> None:
    session = saved(store, writer, message("q"))
    path = path_of(places, session.id)
    raw = rewrite(path, colour="red", extra={"b": [1]}, alpha=None)
    raw["messages"][0] |= {"mood": {"deep": True}, "extra": 1}
    path.write_text(json.dumps(raw))
    loaded = store.load(session.id)
    loaded.title = "changed"
    store.save(loaded)
    assert writer.flush(5)
    again = json.loads(path.read_bytes())
    assert again == raw | {"title": "changed"}
    assert [each for each in again if each in ("colour", "extra", "alpha")] == [
        "colour",
        "extra",
        "alpha",
    ]


def test_a_newer_schema_is_told_apart(store: SessionStore, writer: Writer, places: Places) -> None:
    session = saved(store, writer, message("q"))
    assert not newer(store.load(session.id))
    rewrite(path_of(places, session.id), schema=SCHEMA + 1)
    assert newer(store.load(session.id))


def test_a_newer_session_that_cannot_be_read_stays_where_it_is(
    store: SessionStore, writer: Writer, places: Places
) -> None:
    session = saved(store, writer, message("q"))
    path = path_of(places, session.id)
    rewrite(path, schema=SCHEMA + 1, messages={"as": "a map"})
    before = path.read_bytes()
    with pytest.raises(SessionDamaged, match="newer version"):
        store.load(session.id)
    assert path.read_bytes() == before
    assert len(store.scan().damaged) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\x00" * 100,
        b"\xff\xfe",
        b"[]",
        b"null",
        b"{}",
        b'{"schema":"1"}',
        b'{"schema":1,"messages":null}',
        b'{"schema":1,"messages":[null]}',
        b'{"schema":1,"messages":[{"id":1}]}',
        b'{"schema":1,"title":5}',
    ],
)
def test_a_damaged_file_is_moved_aside_and_the_rest_loads(
    store: SessionStore, writer: Writer, places: Places, content: bytes
) -> None:
    session = saved(store, writer, message("q"))
    bad = path_of(places, "bad")
    bad.write_bytes(content)
    found = store.scan()
    assert [title.id for title in found.titles] == [session.id]
    assert len(found.damaged) == 1
    kept = next(places.sessions.glob("bad.json.damaged-*"))
    assert str(kept) in found.damaged[0]
    assert kept.read_bytes() == content
    assert not bad.exists()
    assert store.scan().damaged == []


def test_a_circle_in_the_parents_ends(store: SessionStore, writer: Writer) -> None:
    session = saved(store, writer, message("a", "b"), message("b", "c"), message("c", "a"))
    loaded = store.load(session.id)
    assert len(loaded.branch()) == 3
    loaded.show(loaded.messages[0])
    assert decode(encode(loaded)) == loaded


# --- reading what is not written yet ---


def test_a_session_is_read_as_it_was_saved_even_if_the_disk_is_full(
    places: Places, writer: Writer, store: SessionStore
) -> None:
    places.data.write_bytes(b"")  # a file in the folder's place: nothing can be written
    session = Session(title="unsaved")
    session.add(message("q"))
    store.save(session)
    assert not writer.flush(5)
    assert store.load(session.id) == session
    assert not store.is_written(session.id)
    places.data.unlink()
    assert writer.close()
    assert store.is_written(session.id)
    assert store.load(session.id) == session


# --- the index ---


def test_a_scan_finds_what_is_new_changed_and_gone(
    store: SessionStore, writer: Writer, places: Places
) -> None:
    first = saved(store, writer, message("one"))
    second = saved(store, writer, message("two"))
    assert {title.id for title in store.scan().titles} == {first.id, second.id}
    first.title = "other words"
    store.save(first)
    assert writer.flush(5)
    path_of(places, second.id).unlink()
    third = saved(store, writer, message("three"))
    titles = {title.id: title.title for title in store.scan().titles}
    assert titles == {first.id: "other words", third.id: "three"}


def test_a_scan_reads_only_what_changed(
    store: SessionStore, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = {saved(store, writer, message("q")).id for _each in range(3)}
    assert {title.id for title in store.scan().titles} == ids
    monkeypatch.setattr(SessionStore, "load", lambda _self, one: pytest.fail(f"{one} was read"))
    assert {title.id for title in store.scan().titles} == ids


def rubbish(path: Path) -> None:
    path.write_bytes(b"not a database" * 1000)


def other_form(path: Path) -> None:
    path.write_bytes(b'[{"title": {"id": 5}, "stamp": "now"}]')


@pytest.mark.parametrize("harm", [Path.unlink, rubbish, other_form])
def test_an_index_that_is_missing_or_damaged_is_rebuilt(
    store: SessionStore,
    writer: Writer,
    places: Places,
    harm: Callable[[Path], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session = saved(store, writer, message("q"))
    store.scan()
    assert places.titles.stat().st_mode & 0o777 == 0o600
    harm(places.titles)
    assert [title.id for title in store.scan().titles] == [session.id]
    store.scan()
    monkeypatch.setattr(SessionStore, "load", lambda _self, one: pytest.fail(f"{one} was read"))
    assert [title.id for title in store.scan().titles] == [session.id]


def test_where_no_index_can_be_the_files_are_read(
    store: SessionStore, writer: Writer, places: Places
) -> None:
    session = saved(store, writer, message("q"))
    places.titles.mkdir(parents=True)
    assert [title.id for title in store.scan().titles] == [session.id]
    assert [title.id for title in store.scan().titles] == [session.id]


# --- the trash ---


def test_a_removed_session_lies_in_the_trash_and_comes_back(
    store: SessionStore, writer: Writer, places: Places
) -> None:
    session = saved(store, writer, message("q"))
    store.remove(session.id)
    assert writer.flush(5)
    assert store.scan().titles == []
    store.restore(session.id)
    assert store.load(session.id) == session


def test_the_trash_keeps_for_30_days_from_the_removal(
    store: SessionStore, writer: Writer, places: Places
) -> None:
    old, older = saved(store, writer, message("q")), saved(store, writer, message("q"))
    long_ago = time.time() - TRASH_SECONDS * 2
    os.utime(path_of(places, old.id), (long_ago, long_ago))
    store.remove(old.id)
    store.remove(older.id)
    assert writer.flush(5)
    trash = places.data / "trash"
    os.utime(trash / f"{older.id}.json", (long_ago, long_ago))
    store.scan()
    assert [path.stem for path in trash.iterdir()] == [old.id]


# --- copies ---


def test_a_copy_of_a_file_is_a_session_of_its_own(
    store: SessionStore, writer: Writer, places: Places
) -> None:
    session = saved(store, writer, message("q"))
    name = f"{session.id}.sync-conflict-20260102"
    path_of(places, name).write_bytes(path_of(places, session.id).read_bytes())
    copy = store.load(name)
    copy.title = "the copy"
    store.save(copy)
    assert writer.flush(5)
    assert store.load(session.id).title == "q"
    found = {title.id: title.title for title in store.scan().titles}
    assert found == {session.id: "q", name: "the copy"}
    assert {*store.stamps()} == {*found}


def test_a_journal_of_a_copy_is_folded_into_the_copy(
    store: SessionStore, writer: Writer, places: Places
) -> None:
    session = saved(store, writer, message("q"))
    name = f"{session.id}.sync-conflict-20260102"
    path_of(places, name).write_bytes(path_of(places, session.id).read_bytes())
    journaled(store, writer, name, "One")
    journal = store.journal(name, beside="b")
    journal.begin(message("b", "q", "Two", role="assistant"))
    assert writer.flush(5)
    store.recover()
    assert [each.content for each in store.load(name).messages] == ["q", " One", "Two"]
    assert len(store.load(session.id).messages) == 1


def test_an_id_cannot_lead_out_of_the_folder(store: SessionStore, tmp_path: Path) -> None:
    (tmp_path / "secret.json").write_text('{"schema":1}')
    with pytest.raises(FileNotFoundError):
        store.load("../../secret")


# --- after a crash ---


def journaled(store: SessionStore, writer: Writer, id: str, *texts: str) -> None:
    journal = store.journal(id)
    journal.begin(message("a", "q", " ", role="assistant", model="llama3.2:3b"))
    for text in texts:
        journal.add(text, "", [])
    assert writer.flush(5)


def test_a_journal_is_folded_into_its_session(
    store: SessionStore, writer: Writer, places: Places
) -> None:
    session = saved(store, writer, message("q"))
    journaled(store, writer, session.id, "One, ", "two")
    found = store.recover()
    assert [title.id for title in found.titles] == [session.id]
    answer = store.load(session.id).branch()[-1]
    assert (answer.content, answer.state) == (" One, two", "interrupted")
    assert answer.error
    assert not [*places.sessions.glob("*.journal")]
    assert store.recover().titles == []


def test_a_crash_between_saving_and_forgetting_the_journal_doubles_nothing(
    store: SessionStore, writer: Writer, places: Places
) -> None:
    done = message("a", "q", "whole", role="assistant")
    session = saved(store, writer, message("q"), done)
    journaled(store, writer, session.id, "who")
    assert store.recover().titles == []
    assert store.load(session.id) == session
    assert not [*places.sessions.glob("*.journal")]


def test_a_journal_without_a_session_becomes_one(store: SessionStore, writer: Writer) -> None:
    journaled(store, writer, "0123", "all that is left")
    (title,) = store.recover().titles
    session = store.load("0123")
    assert title.title == session.title != ""
    assert session.model == "llama3.2:3b"
    assert [each.content for each in session.branch()] == [" all that is left"]


def test_a_journal_of_a_damaged_session_saves_the_answer_and_tells_of_the_damage(
    store: SessionStore, writer: Writer, places: Places
) -> None:
    session = saved(store, writer, message("q"))
    path_of(places, session.id).write_bytes(b'{"schema":')
    journaled(store, writer, session.id, "text")
    found = store.recover()
    assert len(found.damaged) == 1
    assert [each.content for each in store.load(session.id).messages] == [" text"]
    assert [*places.sessions.glob("*.damaged-*")]


def test_a_journal_of_a_newer_version_is_left_to_that(
    store: SessionStore, writer: Writer, places: Places
) -> None:
    session = saved(store, writer, message("q"))
    journaled(store, writer, session.id, "text")
    rewrite(path_of(places, session.id), schema=SCHEMA + 1)
    before = path_of(places, session.id).read_bytes()
    assert store.recover().titles == []
    assert path_of(places, session.id).read_bytes() == before
    assert [*places.sessions.glob("*.journal")]


def test_a_session_that_another_program_answers_is_left_to_it(
    store: SessionStore, writer: Writer, places: Places
) -> None:
    session = saved(store, writer, message("q"))
    journaled(store, writer, session.id, "still coming")
    other = store.lock(session.id)
    assert other.take()
    assert store.recover().titles == []
    assert [*places.sessions.glob("*.journal")]
    other.release()
    assert [title.id for title in store.recover().titles] == [session.id]


def test_a_journal_whose_beginning_is_damaged_is_kept_aside_and_told(
    store: SessionStore, writer: Writer, places: Places
) -> None:
    session = saved(store, writer, message("q"))
    journaled(store, writer, session.id, "all that ", "is left")
    path = places.sessions / f"{session.id}.journal"
    data = b"\0" * 60 + path.read_bytes()[60:]
    path.write_bytes(data)
    found = store.recover()
    kept = next(places.sessions.glob("*.journal.damaged-*"))
    assert kept.read_bytes() == data
    assert str(kept) in found.damaged[0]
    assert store.recover() == Found()


def test_a_journal_that_broke_off_before_it_began_is_forgotten(
    store: SessionStore, places: Places
) -> None:
    places.sessions.mkdir(parents=True)
    (places.sessions / "0123.journal").write_bytes(b'{"begin":{"id":"a"')
    found = store.recover()
    assert (found.titles, found.damaged) == ([], [])
    assert [*places.sessions.iterdir()] == []


# --- locks ---


def test_one_at_a_time_holds_a_lock(tmp_path: Path) -> None:
    first, second = Lock(tmp_path / "state" / "lock"), Lock(tmp_path / "state" / "lock")
    assert first.take()
    assert first.take()
    assert not second.take()
    assert (first.held, second.held) == (True, False)
    first.release()
    assert second.take()
    second.release()
    second.release()


def test_where_nothing_can_be_locked_the_lock_counts_as_held(tmp_path: Path) -> None:
    (tmp_path / "state").write_bytes(b"")
    lock = Lock(tmp_path / "state" / "lock")
    assert lock.take()
    assert lock.held
