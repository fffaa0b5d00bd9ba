from pathlib import Path

import pytest

from tui.engine.partial import Held, Partial

_CONTENT = bytes(range(200))
_DIGEST = "sha256:1901da1c9f699b48f6b2636e65cbf73abf99d0441ef67f5c540a42f7051dec6f"


def test_what_was_written_is_there_after_a_kill(tmp_path: Path) -> None:
    partial = Partial(tmp_path / "blob", 200)
    partial.write(partial.parts[0], _CONTENT[:50])
    partial.save()
    partial.write(partial.parts[0], _CONTENT[50:60])
    _forget_without_saving(partial)
    again = Partial(tmp_path / "blob", 200)
    assert again.completed == 50
    again.write(again.parts[0], _CONTENT[50:])
    again.finish()
    again.close()
    assert (tmp_path / "blob").read_bytes() == _CONTENT
    assert [path.name for path in tmp_path.iterdir()] == ["blob"]


def _forget_without_saving(partial: Partial) -> None:
    import os

    os.close(partial._file)


def test_parts_that_ollama_left_are_gone_on_with(tmp_path: Path) -> None:
    path = tmp_path / "blob-partial"
    path.write_bytes(_CONTENT[:30] + bytes(70) + _CONTENT[100:120] + bytes(80))
    (tmp_path / "blob-partial-0").write_text('{"N":0,"Offset":0,"Size":100,"Completed":30}')
    (tmp_path / "blob-partial-1").write_text('{"N":1,"Offset":100,"Size":100,"Completed":20}')
    partial = Partial(tmp_path / "blob", 200)
    assert partial.completed == 50
    first, second = partial.parts
    partial.write(first, _CONTENT[30:])
    partial.write(second, _CONTENT[120:])
    assert partial.completed == 200
    assert partial.digest() == _DIGEST
    partial.finish()
    partial.close()
    assert (tmp_path / "blob").read_bytes() == _CONTENT


def test_what_an_earlier_download_left_is_hashed_in_stretches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.engine.partial._HASHED_AT_ONCE", 40)
    before = Partial(tmp_path / "blob", 200)
    before.write(before.parts[0], _CONTENT[:150])
    before.close()
    partial = Partial(tmp_path / "blob", 200)
    (part,) = partial.parts
    partial.write(part, _CONTENT[150:160])
    assert partial._hashed == 40
    partial.write(part, _CONTENT[160:])
    assert partial._hashed == 80
    assert partial.digest() == _DIGEST
    partial.close()


@pytest.mark.parametrize(
    "part",
    [
        '{"N":0,"Offset":0,"Size":99,"Completed":10}',
        '{"N":0,"Offset":0,"Size":200,"Completed":150}',
        '{"N":0,"Offset":0,"Size":200,"Completed":-1}',
        "not json",
    ],
)
def test_parts_that_do_not_add_up_are_forgotten(tmp_path: Path, part: str) -> None:
    (tmp_path / "blob-partial").write_bytes(bytes(100))
    (tmp_path / "blob-partial-0").write_text(part)
    partial = Partial(tmp_path / "blob", 200)
    assert partial.completed == 0
    assert len(partial.parts) == 1
    partial.close()


def test_one_program_at_a_time_downloads_a_file(tmp_path: Path) -> None:
    partial = Partial(tmp_path / "blob", 200)
    with pytest.raises(Held):
        Partial(tmp_path / "blob", 200)
    partial.close()
    Partial(tmp_path / "blob", 200).close()
