"""What a Modelfile asks a server for."""

import asyncio
import hashlib
from pathlib import Path

import pytest

from eventually import eventually
from tui.api.errors import OllamaError
from tui.domain.modelfile import parse
from tui.domain.pulls import Progress
from tui.store import model_files
from tui.worker import recipe as hashing
from tui.worker.recipe import Recipe, recipe, trouble


async def made(text: str, folder: Path) -> Recipe:
    return await recipe(parse(text), folder)


def put(path: Path, content: bytes) -> str:
    """Write a file; its digest."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return "sha256:" + hashlib.sha256(content).hexdigest()


async def test_a_model_is_named_and_nothing_is_sent(tmp_path: Path) -> None:
    found = await made("FROM llama3.2:3b\nPARAMETER top_k 5", tmp_path)
    assert found == ({"parameters": {"top_k": 5}, "from": "llama3.2:3b"}, {})


async def test_files_are_found_beside_the_modelfile_and_hashed(tmp_path: Path) -> None:
    weights, lora = put(tmp_path / "w.gguf", b"GGUF"), put(tmp_path / "lora.gguf", b"LORA")
    told: list[Progress] = []
    found = await recipe(parse("FROM ./w.gguf\nADAPTER lora.gguf"), tmp_path, told.append)
    assert found.request == {"files": {"w.gguf": weights}, "adapters": {"lora.gguf": lora}}
    assert found.blobs[weights] == str(tmp_path / "w.gguf")
    assert [(each.completed, each.total) for each in told][-1] == (4, 4)


async def test_a_folder_gives_its_safetensors_and_what_belongs_to_them(tmp_path: Path) -> None:
    for name in ("model-1.safetensors", "model-2.safetensors", "config.json", "x.bin", "a.txt"):
        put(tmp_path / "net" / name, name.encode())
    found = await made("FROM net", tmp_path)
    assert [*found.request["files"]] == [
        "config.json",
        "model-1.safetensors",
        "model-2.safetensors",
    ]


async def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    put(tmp_path / "secret", b"x")
    (tmp_path / "net").mkdir()
    (tmp_path / "net" / "model.safetensors").symlink_to(tmp_path / "secret")
    with pytest.raises(OllamaError, match="leads out of its folder"):
        await made("FROM ./net", tmp_path)


@pytest.mark.parametrize("text", ["FROM ./gone.gguf", "FROM x\nADAPTER gone"])
async def test_a_file_that_is_not_there_is_told(tmp_path: Path, text: str) -> None:
    with pytest.raises(OllamaError, match="There is no file"):
        await made(text, tmp_path)


async def test_a_folder_without_weights_is_told(tmp_path: Path) -> None:
    with pytest.raises(OllamaError, match="no weights"):
        await made("FROM .", tmp_path / ".")


def test_trouble_is_known_before_anything_is_hashed(tmp_path: Path) -> None:
    put(tmp_path / "w.gguf", b"GGUF")
    (tmp_path / "empty").mkdir()
    assert trouble(parse("FROM tiny:1b"), tmp_path) == ""
    assert trouble(parse("FROM ./w.gguf"), tmp_path) == ""
    assert "no file or folder" in trouble(parse("FROM ./none.gguf"), tmp_path)
    assert "no file or folder" in trouble(parse("FROM a:1b\nADAPTER nowhere"), tmp_path)
    assert "holds no weights" in trouble(parse("FROM ./empty"), tmp_path)


async def test_hashing_ends_when_nobody_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_files, "_BLOCK", 1)
    monkeypatch.setattr(hashing, "_LOOK", 0.001)
    put(tmp_path / "w.gguf", b"x" * 30_000_000)
    told: list[Progress] = []
    task = asyncio.create_task(recipe(parse("FROM ./w.gguf"), tmp_path, told.append))
    await eventually(lambda: told, "the hashing to begin")
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert told[-1].completed < 30_000_000
