"""What fails is owed, tried again, and nothing is lost meanwhile."""

import threading
import time
from pathlib import Path

import pytest

from tui.store import writer as writing
from tui.store.writer import Writer


class Trouble:
    """What a writer told, and a wait for the next of it."""

    def __init__(self) -> None:
        self.told: list[OSError | None] = []
        self._news = threading.Semaphore(0)

    def __call__(self, error: OSError | None) -> None:
        self.told.append(error)
        self._news.release()

    def wait(self) -> OSError | None:
        assert self._news.acquire(timeout=5)
        return self.told[-1]


@pytest.fixture
def trouble() -> Trouble:
    return Trouble()


@pytest.fixture
def blocked(tmp_path: Path) -> Path:
    """A folder that cannot be: a file is in its place until that is removed."""
    path = tmp_path / "folder"
    path.write_bytes(b"")
    return path


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "_RETRY", 0.02)


def test_work_on_a_path_is_done_in_the_order_it_came(tmp_path: Path) -> None:
    writer, path, other = Writer(), tmp_path / "file", tmp_path / "other"
    writer.append(path, b"lost")
    writer.write(path, b"1")
    for number in range(2, 50):
        writer.append(path, b" %d" % number)
        writer.write(other, b"%d" % number)
    writer.move(path, tmp_path / "trash" / "file")
    writer.write(path, b"new")
    writer.remove(other)
    assert writer.flush(5)
    assert (tmp_path / "trash" / "file").read_bytes().split() == [b"%d" % n for n in range(1, 50)]
    assert path.read_bytes() == b"new"
    assert not other.exists()
    assert writer.close()


def test_a_writer_without_work_starts_no_thread() -> None:
    before = {*threading.enumerate()}
    writer = Writer()
    assert writer.flush()
    assert writer.close()
    assert {*threading.enumerate()} <= before


def test_trouble_is_told_once_and_names_the_file(blocked: Path, trouble: Trouble) -> None:
    writer = Writer(trouble)
    for number in range(5):
        writer.write(blocked / f"{number}", b"x")
    assert not writer.flush(5)
    assert len(trouble.told) == 1
    assert trouble.told[0] is not None
    assert trouble.told[0].filename == str(blocked / "0")
    assert trouble.told[0].strerror
    writer.close()


@pytest.mark.usefixtures("quick")
def test_what_is_owed_is_written_once_it_can_be(blocked: Path, trouble: Trouble) -> None:
    writer = Writer(trouble)
    writer.write(blocked / "whole", b"old")
    writer.write(blocked / "whole", b"new")
    writer.append(blocked / "lines", b"1\n")
    writer.append(blocked / "lines", b"2\n")
    assert trouble.wait() is not None
    assert not writer.flush(5)
    blocked.unlink()
    assert trouble.wait() is None
    assert (blocked / "whole").read_bytes() == b"new"
    assert (blocked / "lines").read_bytes() == b"1\n2\n"
    assert len(trouble.told) == 2
    assert writer.close()


@pytest.mark.usefixtures("quick")
def test_what_is_owed_is_tried_again_while_other_files_are_written(
    blocked: Path, tmp_path: Path, trouble: Trouble
) -> None:
    writer = Writer(trouble)
    writer.write(blocked / "whole", b"owed")
    assert trouble.wait() is not None
    blocked.unlink()
    deadline = time.monotonic() + 5
    while len(trouble.told) < 2:
        assert time.monotonic() < deadline
        writer.append(tmp_path / "busy", b".")  # never a moment of silence
        time.sleep(0.001)
    assert (blocked / "whole").read_bytes() == b"owed"
    assert writer.close()


def test_an_append_after_a_removal_that_failed_begins_a_new_file(tmp_path: Path) -> None:
    writer, path = Writer(), tmp_path / "journal"
    path.mkdir()  # cannot be unlinked
    writer.remove(path)
    writer.append(path, b"a")
    writer.append(path, b"b")
    assert not writer.flush(5)
    path.rmdir()
    path.write_bytes(b"what was to be removed")
    assert writer.close()
    assert path.read_bytes() == b"ab"


def test_nothing_is_removed_before_what_takes_its_place_is_there(
    blocked: Path, tmp_path: Path, trouble: Trouble
) -> None:
    writer, journal = Writer(trouble), tmp_path / "journal"
    writer.append(journal, b"text")
    writer.write(blocked / "session", b"text")
    writer.remove(journal, needs=blocked / "session")
    assert not writer.flush(5)
    assert journal.read_bytes() == b"text"
    writer.append(journal, b"more")
    assert not writer.flush(5)
    assert journal.read_bytes() == b"text"
    blocked.unlink()
    assert writer.close()
    assert (blocked / "session").read_bytes() == b"text"
    assert journal.read_bytes() == b"more"
    assert len(trouble.told) == 2


def test_what_was_never_written_can_still_be_moved(blocked: Path, tmp_path: Path) -> None:
    writer = Writer()
    writer.write(blocked / "session", b"unsaved")
    writer.move(blocked / "session", tmp_path / "trash" / "session")
    assert not writer.flush(5) or (tmp_path / "trash" / "session").exists()
    blocked.unlink()
    assert writer.close()
    assert (tmp_path / "trash" / "session").read_bytes() == b"unsaved"
    assert not (blocked / "session").exists()


def test_removing_and_moving_what_is_not_there_is_no_trouble(
    tmp_path: Path, trouble: Trouble
) -> None:
    writer = Writer(trouble)
    writer.remove(tmp_path / "none")
    writer.move(tmp_path / "none", tmp_path / "there")
    assert writer.flush(5)
    assert writer.close()
    assert trouble.told == []


def test_what_is_coming_can_be_read_until_it_is_on_disk(blocked: Path) -> None:
    writer, path = Writer(), blocked / "session"
    assert writer.coming(path) is None
    writer.write(path, b"new")
    assert writer.coming(path) == b"new"
    writer.flush(5)
    assert writer.coming(path) == b"new"
    blocked.unlink()
    assert writer.close()
    assert writer.coming(path) is None


def test_closing_gives_up_on_a_disk_that_hangs(tmp_path: Path) -> None:
    released = threading.Event()

    def hang(_error: OSError | None) -> None:
        released.wait(5)  # stands for a write that does not return

    (tmp_path / "file").write_bytes(b"")
    writer = Writer(hang)
    writer.write(tmp_path / "file" / "below", b"x")
    began = time.monotonic()
    assert not writer.flush(0.05)
    assert not writer.close(0.1)
    assert time.monotonic() - began < 1
    released.set()


def test_closing_tells_what_could_not_be_written(blocked: Path) -> None:
    writer = Writer()
    writer.write(blocked / "file", b"x")
    assert not writer.close()


def test_a_closed_writer_still_writes(tmp_path: Path) -> None:
    writer = Writer()
    writer.write(tmp_path / "one", b"1")
    assert writer.close()
    writer.write(tmp_path / "two", b"2")
    assert writer.close()
    assert (tmp_path / "two").read_bytes() == b"2"
