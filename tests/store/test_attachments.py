from pathlib import Path

import pytest

from tui.domain.places import Places
from tui.store.attachments import AttachmentStore
from tui.store.writer import Writer


def test_a_file_is_kept_once_and_for_its_owner_only(tmp_path: Path) -> None:
    writer = Writer()
    store = AttachmentStore(Places.below(tmp_path), writer)
    key = store.keep(b"a picture")
    assert store.load(key) == b"a picture"
    assert writer.flush()
    assert store.keep(b"a picture") == key
    [path] = (tmp_path / "data" / "attachments").iterdir()
    assert path.name == key
    assert path.stat().st_mode & 0o777 == 0o600
    assert store.load(key) == b"a picture"
    writer.close()


@pytest.mark.parametrize("key", ["../workspace.json", "/etc/hostname", "", "0" * 64])
def test_only_what_was_kept_can_be_loaded(tmp_path: Path, key: str) -> None:
    with pytest.raises(FileNotFoundError):
        AttachmentStore(Places.below(tmp_path), Writer()).load(key)
