from pathlib import Path

from tui.store.locks import Lock


def test_a_lock_that_was_let_go_leaves_no_file(tmp_path: Path) -> None:
    lock = Lock(tmp_path / "x.lock")
    lock.take()
    assert (tmp_path / "x.lock").exists()
    lock.release()
    assert not (tmp_path / "x.lock").exists()


def test_one_who_failed_to_get_it_does_not_delete_it(tmp_path: Path) -> None:
    one, other = Lock(tmp_path / "x.lock"), Lock(tmp_path / "x.lock")
    one.take()
    other.take()
    other.release()
    assert (tmp_path / "x.lock").exists()
    assert not other.take()
