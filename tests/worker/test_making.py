"""Models from files on this machine."""

import asyncio
import hashlib
from pathlib import Path

import pytest

from tui.domain.modelfile import parse
from tui.store import model_files
from tui.store.model_files import NoModelFiles
from tui.worker import making
from tui.worker.making import prepare, trouble


def nothing(_name: str, _done: int, _total: int) -> None: ...


def sha(content: bytes) -> str:
    return "sha256:" + hashlib.sha256(content).hexdigest()


async def test_a_gguf_file_is_hashed_and_named(tmp_path: Path) -> None:
    (tmp_path / "tiny.gguf").write_bytes(b"GGUF")
    heard: list[tuple[str, int, int]] = []
    modelfile = parse("FROM ./tiny.gguf\nPARAMETER temperature 0.5")
    made = await prepare(modelfile, tmp_path, lambda *what: heard.append(what))
    await asyncio.sleep(0)
    assert made.request == {
        "parameters": {"temperature": 0.5},
        "files": {"tiny.gguf": sha(b"GGUF")},
    }
    assert made.blobs == {sha(b"GGUF"): str(tmp_path / "tiny.gguf")}
    assert heard == [("tiny.gguf", 4, 4)]


async def test_a_folder_and_an_adapter_go_with_a_models_name(tmp_path: Path) -> None:
    folder = tmp_path / "lora"
    folder.mkdir()
    (folder / "adapter_model.safetensors").write_bytes(b"weights")
    (folder / "adapter_config.json").write_bytes(b"{}")
    made = await prepare(parse("FROM tiny:1b\nADAPTER ./lora"), tmp_path, nothing)
    assert made.request["from"] == "tiny:1b"
    assert {*made.request["adapters"]} == {"adapter_model.safetensors", "adapter_config.json"}
    assert "files" not in made.request
    assert len(made.blobs) == 2


def test_what_is_missing_is_said(tmp_path: Path) -> None:
    assert trouble(parse("FROM tiny:1b"), tmp_path) == ""
    assert "no file or folder" in trouble(parse("FROM ./none.gguf"), tmp_path)
    assert "no file or folder" in trouble(parse("FROM a:1b\nADAPTER nowhere"), tmp_path)
    (tmp_path / "empty").mkdir()
    assert "holds no weights" in trouble(parse("FROM ./empty"), tmp_path)


async def test_hashing_ends_when_nobody_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_files, "_BLOCK", 1)
    (tmp_path / "tiny.gguf").write_bytes(b"x" * 500_000)
    begun = asyncio.Event()
    task = asyncio.create_task(
        prepare(parse("FROM ./tiny.gguf"), tmp_path, lambda *_what: begun.set())
    )
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    with pytest.raises(NoModelFiles):
        await making.prepare(parse("FROM ./none.gguf"), tmp_path, nothing)
