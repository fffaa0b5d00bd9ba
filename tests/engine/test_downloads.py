"""Downloads that meet a silent registry or a full disk."""

import errno
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

import httpx
import pytest

from registry import Knobs, Registry, random_bytes
from tui.domain.manifests import Layer, Manifest, digest_of
from tui.domain.names import ModelName
from tui.engine import app
from tui.engine.answers import Line
from tui.engine.downloads import Downloads
from tui.engine.errors import EngineError
from tui.engine.followers import Followers
from tui.engine.models import Models
from tui.engine.partial import Partial
from tui.engine.scheduler import Scheduler
from tui.engine.service import Engine
from tui.engine.starter import Starter
from tui.engine.store import Store

_CONTENT = random_bytes(3_000_000)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "models")
    store.prepare()
    return store


@pytest.fixture
def source() -> Iterator[Registry]:
    with Registry() as running:
        running.add("library/one:latest", {"application/vnd.ollama.image.model": _CONTENT})
        yield running


async def _followed(store: Store, source: Registry) -> tuple[Layer, list[Line]]:
    layer = Manifest.read(source.manifests["library/one:latest"]).layers[0]
    name = ModelName.parse(f"{source.host}/library/one")
    async with aclosing(Downloads(store).follow(name, layer, insecure=True)) as lines:
        return layer, [line async for line in lines]


async def test_a_registry_that_falls_silent_is_asked_again(
    store: Store, source: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.api.registry_wire.STALL_SECONDS", 0.2)
    source.knobs = Knobs(cut_after=1_000_000, stall=True)
    layer, lines = await _followed(store, source)
    assert lines[-1]["completed"] == 3_000_000
    assert store.blob(layer.digest).read_bytes() == _CONTENT
    assert len(source.seen.ranges) == 2


async def test_a_full_disk_is_told_and_what_came_is_kept(
    store: Store, source: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, room = os.pwrite, 1_500_000

    def full(file: int, data: bytes, at: int) -> int:
        if at + len(data) > room:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(file, data, at)

    monkeypatch.setattr(os, "pwrite", full)
    with pytest.raises(EngineError, match=r"write .*/blobs/sha256-.*: no space left on device"):
        await _followed(store, source)
    monkeypatch.setattr(os, "pwrite", write)
    layer, _lines = await _followed(store, source)
    assert store.blob(layer.digest).read_bytes() == _CONTENT
    assert [asked for asked in source.seen.ranges if not asked.startswith("bytes=0-")]


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What had to wait for the disk in the thread that answers."""
    waited: list[str] = []

    def noting(name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def noted(*args: object) -> object:
            if threading.current_thread() is threading.main_thread():
                waited.append(name)
            return work(*args)

        return noted

    for name in ("pwrite", "pread", "fsync"):
        monkeypatch.setattr(os, name, noting(name, getattr(os, name)))
    return waited


async def test_no_answer_waits_for_the_disk_of_a_download(
    store: Store, source: Registry, disk: list[str]
) -> None:
    layer, _lines = await _followed(store, source)
    assert store.blob(layer.digest).read_bytes() == _CONTENT
    assert not disk


async def test_no_answer_waits_for_the_disk_of_what_is_brought(
    store: Store, tmp_path: Path, disk: list[str]
) -> None:
    engine = Engine(store, Models(store), Scheduler(tmp_path), Followers(), Downloads(store),
                    Starter(store))  # fmt: skip
    transport = httpx.ASGITransport(app.build(engine, check_host=False))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        digest = digest_of(_CONTENT)
        answer = await client.post(f"/api/blobs/{digest}", content=_CONTENT)
    assert answer.status_code == 201
    assert store.blob(digest).read_bytes() == _CONTENT
    assert not disk


async def test_a_large_file_comes_in_parts_side_by_side_and_is_hashed_on_the_way(
    store: Store, source: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.engine.partial._SMALLEST_PART", 500_000)
    left: list[int] = []
    digest = Partial.digest

    def noting(partial: Partial) -> str:
        left.append(partial.completed - partial._hashed)
        return digest(partial)

    monkeypatch.setattr(Partial, "digest", noting)
    source.knobs.rate = 6_000_000
    layer, lines = await _followed(store, source)
    assert store.blob(layer.digest).read_bytes() == _CONTENT
    starts = [int(asked.removeprefix("bytes=").partition("-")[0]) for asked in source.seen.ranges]
    assert sorted(starts) == list(range(0, 3_000_000, 500_000))
    assert source.seen.most_at_once > 1
    assert left[0] < 3_000_000
    counts = [line["completed"] for line in lines if "completed" in line]
    assert counts == sorted(counts)


async def test_parts_that_were_begun_go_on_where_each_of_them_was(
    store: Store, source: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.engine.partial._SMALLEST_PART", 1_000_000)
    source.knobs = Knobs(rate=2_000_000)
    name = ModelName.parse(f"{source.host}/library/one")
    layer = Manifest.read(source.manifests["library/one:latest"]).layers[0]
    async with aclosing(Downloads(store).follow(name, layer, insecure=True)) as lines:
        async for line in lines:
            if line.get("completed", 0) > 500_000:
                break
    begun = source.seen.ranges.copy()
    source.knobs = Knobs()
    await _followed(store, source)
    assert store.blob(layer.digest).read_bytes() == _CONTENT
    again = source.seen.ranges[len(begun) :]
    assert again
    assert not set(again) & set(begun)
