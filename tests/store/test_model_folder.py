import hashlib
import json
from pathlib import Path

import pytest

from tui.domain.manifests import CONFIG, WEIGHTS
from tui.store.model_folder import read, usual


def put(folder: Path, content: bytes) -> dict[str, str | int]:
    digest = hashlib.sha256(content).hexdigest()
    (folder / "blobs").mkdir(parents=True, exist_ok=True)
    (folder / "blobs" / f"sha256-{digest}").write_bytes(content)
    return {"digest": f"sha256:{digest}", "size": len(content)}


def add(folder: Path, name: str, weights: bytes) -> str:
    manifest = {
        "schemaVersion": 2,
        "config": {"mediaType": CONFIG, **put(folder, name.encode())},
        "layers": [{"mediaType": WEIGHTS, **put(folder, weights)}],
    }
    path = folder / "manifests" / name
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(manifest))
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_models_are_found_under_the_names_a_server_lists(tmp_path: Path) -> None:
    digest = add(tmp_path, "registry.ollama.ai/library/tiny/1b", b"x" * 1000)
    add(tmp_path, "hf.co/user/repo/Q4_K_M", b"x" * 1000)
    disk = read(tmp_path)
    assert disk is not None
    assert {*disk.manifests} == {"tiny:1b", "hf.co/user/repo:Q4_K_M"}
    assert disk.digests["tiny:1b"] == digest
    assert disk.freed(["tiny:1b"]) < 1000 < disk.total
    assert disk.stray == 0


def test_what_no_model_needs_is_counted_as_it_lies_on_the_disk(tmp_path: Path) -> None:
    add(tmp_path, "registry.ollama.ai/library/tiny/1b", b"x")
    (tmp_path / "blobs" / "sha256-00-partial").write_bytes(b"y" * 100_000)
    disk = read(tmp_path)
    assert disk is not None
    assert disk.stray >= 100_000


def test_damaged_manifests_cost_nothing_but_themselves(tmp_path: Path) -> None:
    add(tmp_path, "registry.ollama.ai/library/tiny/1b", b"x")
    (tmp_path / "manifests/registry.ollama.ai/library/tiny/2b").write_bytes(b"{")
    disk = read(tmp_path)
    assert disk is not None
    assert [*disk.manifests] == ["tiny:1b"]


def test_no_folder_is_nothing(tmp_path: Path) -> None:
    assert read(tmp_path / "none") is None


def test_the_users_own_folder_comes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OLLAMA_MODELS", str(tmp_path))
    assert usual()[0] == tmp_path
    monkeypatch.delenv("OLLAMA_MODELS")
    assert usual()[0] == Path.home() / ".ollama" / "models"
