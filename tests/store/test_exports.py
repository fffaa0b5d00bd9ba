"""Exported files never take the place of another."""

from pathlib import Path

import pytest

from tui.domain.exports import FORMS
from tui.domain.session import Session
from tui.store.exports import content_of, write_new
from tui.store.session_file import decode


def test_a_name_that_is_taken_is_not_written_over(tmp_path: Path) -> None:
    wanted = tmp_path / "chat.md"
    written = [write_new(wanted, text) for text in (b"one", b"two", b"three")]
    assert [path.name for path in written] == ["chat.md", "chat-2.md", "chat-3.md"]
    assert [path.read_bytes() for path in written] == [b"one", b"two", b"three"]


def test_what_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        write_new(tmp_path / "nowhere" / "chat.md", b"")


def test_every_form_has_a_content_and_ours_comes_back() -> None:
    session = Session(title="Hi")
    assert all(content_of(session, form) for form in FORMS if form != "jsonl")
    assert decode(content_of(session, "json")) == session
