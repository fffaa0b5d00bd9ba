"""Models folders on this machine."""

import hashlib
from pathlib import Path

import pytest

from eventually import eventually
from fake_ollama import FakeOllama
from program import Program
from registry import Registry
from tui.domain.manifests import WEIGHTS


def lay(folder: Path, registry: Registry, name: str, weights: bytes) -> str:
    """A model as a server would have pulled it; its digest."""
    registry.add(f"library/{name}:latest", {WEIGHTS: weights})
    raw = registry.manifests[f"library/{name}:latest"]
    path = folder / "manifests" / "registry.ollama.ai" / "library" / name / "latest"
    path.parent.mkdir(parents=True)
    path.write_bytes(raw)
    (folder / "blobs").mkdir(exist_ok=True)
    return hashlib.sha256(raw).hexdigest()


async def test_the_folder_is_the_one_that_holds_what_the_server_lists(
    fake: FakeOllama, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "models"
    monkeypatch.setenv("OLLAMA_MODELS", str(folder))
    fake.models.clear()
    with Registry() as registry:
        for name in ("one", "two"):
            model = fake.add_model(f"{name}:latest")
            model["digest"] = lay(folder, registry, name, b"the same")
    async with Program(tmp_path / "home", local=fake.url) as program:
        program.worker.start()
        disks, hosts = program.worker.disks, program.worker.hosts
        await eventually(lambda: hosts.status("local").models, "the models")
        disk = await disks.read("local")
        assert disk is not None
        assert disk.folder == str(folder)
        assert disk.freed(["one:latest"]) == 0
        assert disk.freed(["one:latest", "two:latest"]) == disk.total
        assert disks.known("local") is disk
        fake.models["one:latest"]["digest"] = "0" * 64
        hosts.look("local")
        await eventually(lambda: disks.known("local") is None, "the change")
        assert await disks.read("local") is None
