"""Files are whole or not there at all, and nobody else's."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tui.store.files import append, make_folder, set_aside, write_whole

FULL_DISK = Path(__file__).resolve().parent.parent / "full_disk.py"
WRITES_FOR_EVER = """
import sys
from pathlib import Path
from tui.store.files import write_whole
path = Path(sys.argv[1])
for number in range(1_000_000):
    write_whole(path, (str(number) + "\\n").encode() * 20_000)
    print(number, flush=True)
"""


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_only_the_owner_may_enter_folders_and_read_files(tmp_path: Path) -> None:
    path = tmp_path / "new" / "deeper" / "file"
    write_whole(path, b"mine")
    append(path.with_name("lines"), b"mine\n")
    assert [mode(each) for each in (path.parent.parent, path.parent)] == [0o700, 0o700]
    assert [mode(path), mode(path.with_name("lines"))] == [0o600, 0o600]


def test_a_folder_that_is_there_keeps_its_mode(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    make_folder(tmp_path)
    assert mode(tmp_path) == 0o755


def test_a_file_in_the_place_of_a_folder_is_an_error_and_stays(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"mine")
    with pytest.raises(OSError, match="file"):
        write_whole(tmp_path / "file" / "below", b"new")
    assert (tmp_path / "file").read_bytes() == b"mine"


def test_a_program_killed_while_it_writes_leaves_a_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "file"
    for rounds in range(3):
        with subprocess.Popen(
            [sys.executable, "-c", WRITES_FOR_EVER, str(path)], stdout=subprocess.PIPE
        ) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(0.003 * (rounds + 1))  # anywhere within a write; there is nothing to wait on
            process.kill()
        lines = path.read_bytes().split(b"\n")
        assert lines.pop() == b""
        assert len(lines) == 20_000
        assert len({*lines}) == 1


def test_on_a_full_disk_old_files_stay_and_what_is_owed_is_written_later(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(FULL_DISK), str(tmp_path)], capture_output=True, check=True
    )
    report = json.loads(done.stdout)
    assert report["refused"] == ["OSError", "OSError"]
    assert report["on_disk"] == [True, True]
    assert report["files"] == ["lines", "whole"]
    assert report["told"] == [str(tmp_path / "whole"), "mended"]
    assert (report["flushed"], report["closed"]) == (False, True)
    assert report["after"] == [True, True]
    assert report["kept"]


def test_a_file_set_aside_is_kept_and_named(tmp_path: Path) -> None:
    path = tmp_path / "broken.json"
    for content in (b"one", b"two"):
        path.write_bytes(content)
        text = set_aside(path, "half a line")
        assert not path.exists()
        assert "broken.json" in text
        assert "half a line" in text
    kept = sorted(tmp_path.glob("broken.json.damaged-*"))
    assert [each.read_bytes() for each in kept] == [b"one", b"two"]
    assert str(kept[-1]) in text


def test_a_file_that_cannot_be_moved_is_named_where_it_is(tmp_path: Path) -> None:
    assert str(tmp_path / "gone.json") in set_aside(tmp_path / "gone.json", "gone")
