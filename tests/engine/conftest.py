"""One engine for many tests, with models of random weights."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import tiny_gguf
from engine_process import EngineProcess


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model file that loads at once."""
    return tiny_gguf.write(tmp_path_factory.mktemp("gguf") / "tiny.gguf")


@pytest.fixture(scope="session")
def shared_engine(tmp_path_factory: pytest.TempPathFactory, tiny: Path) -> Iterator[EngineProcess]:
    pytest.importorskip("xllamacpp")
    folder = tmp_path_factory.mktemp("models")
    thinking = tiny_gguf.write(folder / "think.gguf", template=tiny_gguf.THINKING_TEMPLATE)
    embedding = tiny_gguf.write(folder / "embed.gguf", embed=True)
    with EngineProcess(tmp_path_factory.mktemp("engine")) as running:
        running.create("tiny", tiny)
        running.create("tiny-think", thinking)
        running.create("tiny-embed", embedding)
        yield running


@pytest.fixture
def engine(shared_engine: EngineProcess) -> Iterator[EngineProcess]:
    """The shared engine with its three models and nothing loaded: tiny, tiny-think, tiny-embed."""
    yield shared_engine
    models = shared_engine.http.get("/api/tags").json()["models"]
    kept = {"tiny:latest", "tiny-think:latest", "tiny-embed:latest"}
    for name in {model["name"] for model in models} - kept:
        shared_engine.http.request("DELETE", "/api/delete", json={"model": name})
    for model in shared_engine.http.get("/api/ps").json()["models"]:
        shared_engine.ask("/api/embed", {"model": model["name"], "keep_alive": 0})
