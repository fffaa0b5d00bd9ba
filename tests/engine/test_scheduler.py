"""Who gets a model, and when."""

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import msgspec
import psutil
import pytest

import tiny_gguf
from model_socket import HEAD, LAST, chunk, saying
from tui.domain.manifests import TEMPLATE, Manifest
from tui.domain.names import ModelName
from tui.engine import memory
from tui.engine.errors import EngineError
from tui.engine.followers import Followers
from tui.engine.making import Draft
from tui.engine.models import Model, Models
from tui.engine.options import LoadOptions
from tui.engine.process import ModelProcess
from tui.engine.runner import Runner
from tui.engine.scheduler import Scheduler
from tui.engine.sockets import socket_folder
from tui.engine.store import Store

pytest.importorskip("xllamacpp")

_SMALL, _LARGE = LoadOptions(context=256), LoadOptions(context=512)


@pytest.fixture
async def scheduler(tmp_path: Path) -> AsyncIterator[Scheduler]:
    (tmp_path / "run").mkdir()
    scheduler = Scheduler(tmp_path / "run")
    yield scheduler
    await scheduler.close()


@pytest.fixture
def models(tmp_path: Path) -> list[Model]:
    """Two models with different weights."""
    store = Store(tmp_path / "models")
    store.prepare()
    for seed in (1, 2):
        content = tiny_gguf.write(tmp_path / "new.gguf", seed=seed).read_bytes()
        layer, _new = store.add(content, "weights")
        draft = Draft(store)
        draft.start_with_files([layer.digest])
        draft.save(ModelName.parse(f"model:{seed}"))
    return Models(store).all()


async def _use(scheduler: Scheduler, model: Model, options: LoadOptions) -> int:
    """Use a model for a moment; the window it had."""
    async with scheduler.use(model, options) as lease:
        return lease.runner.options.context


async def _until_waiting(scheduler: Scheduler) -> None:
    while not any(place.retiring for place in scheduler._places.values()):
        await asyncio.sleep(0)


async def test_another_window_waits_until_the_answer_under_way_is_done(
    scheduler: Scheduler, models: list[Model]
) -> None:
    async with scheduler.use(models[0], _SMALL) as lease:
        waiting = asyncio.create_task(_use(scheduler, models[0], _LARGE))
        await _until_waiting(scheduler)
        assert lease.runner.alive
    assert await waiting == 512
    assert not lease.runner.alive


async def test_more_than_may_wait_are_refused(
    scheduler: Scheduler, models: list[Model], monkeypatch: pytest.MonkeyPatch
) -> None:
    scheduler._queue = 1
    async with scheduler.use(models[0], _SMALL):
        first = asyncio.create_task(_use(scheduler, models[0], _LARGE))
        await _until_waiting(scheduler)
        second = asyncio.create_task(_use(scheduler, models[0], _LARGE))
        while not scheduler._waiting:
            await asyncio.sleep(0)
        with pytest.raises(EngineError, match="maximum pending requests exceeded") as refusal:
            await _use(scheduler, models[1], _SMALL)
        assert refusal.value.status == 503
    assert [await first, await second] == [512, 512]


async def test_one_who_stops_waiting_leaves_the_model_to_the_others(
    scheduler: Scheduler, models: list[Model]
) -> None:
    async with scheduler.use(models[0], _SMALL) as lease:
        waiting = asyncio.create_task(_use(scheduler, models[0], _LARGE))
        await _until_waiting(scheduler)
        waiting.cancel()
        with suppress(asyncio.CancelledError):
            await waiting
        async with scheduler.use(models[0], _SMALL) as other:
            assert other.runner is lease.runner


async def test_leaving_while_a_model_loads_ends_its_process(
    scheduler: Scheduler, models: list[Model]
) -> None:
    here = psutil.Process(os.getpid())
    before = set(here.children())
    loading = asyncio.create_task(_use(scheduler, models[0], _SMALL))
    while not set(here.children()) - before:
        await asyncio.sleep(0)
    loading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await loading
    assert set(here.children()) == before
    assert not scheduler.places


async def test_leaving_once_a_model_is_loaded_ends_its_process_too(
    scheduler: Scheduler, models: list[Model], monkeypatch: pytest.MonkeyPatch
) -> None:
    looking = asyncio.Event()

    async def look(_runner: Runner) -> None:
        looking.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(Runner, "_look", look)
    before = set(psutil.Process().children())
    loading = asyncio.create_task(_use(scheduler, models[0], _SMALL))
    await looking.wait()
    loading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await loading
    assert set(psutil.Process().children()) == before


async def test_a_model_that_is_taken_again_at_once_stays(
    scheduler: Scheduler, models: list[Model]
) -> None:
    async with scheduler.use(models[0], _SMALL, keep=0) as first:
        pass
    async with scheduler.use(models[0], _SMALL) as second:
        while scheduler._ending:
            await asyncio.sleep(0)
        assert second.runner is first.runner
        assert second.runner.alive


async def test_an_idle_model_makes_room_when_memory_is_short(
    scheduler: Scheduler, models: list[Model], monkeypatch: pytest.MonkeyPatch
) -> None:
    await _use(scheduler, models[0], _SMALL)
    await _use(scheduler, models[1], _SMALL)
    assert len(scheduler.places) == 2
    monkeypatch.setattr(memory, "available", lambda: 1)
    await _use(scheduler, models[0], _LARGE)
    assert [place.model for place in scheduler.places] == [models[0]]


async def test_the_model_that_was_not_used_for_longest_makes_room(
    scheduler: Scheduler, models: list[Model]
) -> None:
    scheduler._most = 2
    await _use(scheduler, models[0], _SMALL)
    await _use(scheduler, models[1], _SMALL)
    async with scheduler.use(models[0], _SMALL, keep=1):
        pass
    other = replace(models[1], entry=replace(models[1].entry, manifest=_adapted(models[1])))
    await _use(scheduler, other, _SMALL)
    assert models[1] not in [place.model for place in scheduler.places]
    assert models[0] in [place.model for place in scheduler.places]


def _adapted(model: Model) -> Manifest:
    """The same weights with a template of their own are another model to load."""
    layer, _new = model.store.add(b"{% for m in messages %}{{ m.content }}{% endfor %}", TEMPLATE)
    return msgspec.structs.replace(
        model.entry.manifest, layers=[*model.entry.manifest.layers, layer]
    )


async def test_a_model_that_finds_no_memory_takes_that_of_an_idle_one(
    scheduler: Scheduler, models: list[Model], monkeypatch: pytest.MonkeyPatch
) -> None:
    await _use(scheduler, models[0], _SMALL)
    start = Runner.start
    failures = [EngineError("error loading model: failed to allocate buffer of size 9")]

    async def lacking(model: Model, options: LoadOptions, socket: Path) -> Runner:
        if failures:
            raise failures.pop()
        return await start(model, options, socket)

    monkeypatch.setattr(Runner, "start", lacking)
    await _use(scheduler, models[1], _SMALL)
    assert [place.model for place in scheduler.places] == [models[1]]


async def test_a_load_that_takes_too_long_is_given_up(
    scheduler: Scheduler, models: list[Model], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OLLAMA_LOAD_TIMEOUT", "1ms")
    before = set(psutil.Process().children())
    with pytest.raises(EngineError, match="timed out waiting for llama runner to start"):
        await _use(scheduler, models[0], _SMALL)
    assert set(psutil.Process().children()) == before
    monkeypatch.setenv("OLLAMA_LOAD_TIMEOUT", "0")
    assert await _use(scheduler, models[0], _SMALL) == 256


async def test_a_child_has_a_group_of_its_own_and_none_of_our_secrets_and_files(
    scheduler: Scheduler, models: list[Model], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("OLLAMA_API_KEY", "secret")
    monkeypatch.setenv("HTTPS_PROXY", "http://user:secret@proxy")
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "0")
    before = set(psutil.Process().children())
    with (tmp_path / "open").open("w") as ours:
        os.set_inheritable(ours.fileno(), True)
        async with scheduler.use(models[0], _SMALL):
            (child,) = set(psutil.Process().children()) - before
            assert os.getpgid(child.pid) == child.pid
            environment = child.environ()
            assert "secret" not in " ".join(environment.values())
            assert environment["CUDA_VISIBLE_DEVICES"] == "0"
            assert environment["OMP_WAIT_POLICY"] == "PASSIVE"
            opened = {file.path for file in child.open_files()}
            assert ours.name not in opened


async def test_answers_are_given_side_by_side_each_with_the_whole_window(
    scheduler: Scheduler, models: list[Model], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OLLAMA_NUM_PARALLEL", "2")
    header = models[0].header
    assert header
    options = LoadOptions.choose(header, {"num_ctx": 256})
    body = {"prompt": "x" * 200, "n_predict": 40, "temperature": 0}
    async with scheduler.use(models[0], options) as lease:
        first = lease.runner.stream("/completion", body | {"n_predict": 50}, bytes)
        await anext(first)
        answer = await lease.runner.ask("/completion", body)
        assert answer["tokens_predicted"] == 40
        assert not answer["truncated"]
        await first.aclose()


async def test_what_comes_at_once_with_an_error_is_told_before_it(
    scheduler: Scheduler, models: list[Model], tmp_path: Path
) -> None:
    text = b'data: {"n":1}\n\ndata: {"n":2}\n\nerror: {"message":"it is full","code":503}\n\n'
    told = saying(tmp_path, HEAD + chunk(text) + LAST)
    async with scheduler.use(models[0], _SMALL) as lease, told as lease.runner._socket:
        events = lease.runner.stream("/completion", {}, bytes)
        assert await anext(events) == [b'{"n":1}', b'{"n":2}']
        with pytest.raises(EngineError, match="it is full"):
            await anext(events)


async def test_a_full_house_waits_for_whoever_leaves_first(
    scheduler: Scheduler, models: list[Model]
) -> None:
    scheduler._most = 1
    async with scheduler.use(models[0], _SMALL):
        waiting = asyncio.create_task(_use(scheduler, models[1], _SMALL))
        await _until_waiting(scheduler)
    assert await waiting == 256
    assert [place.model for place in scheduler.places] == [models[1]]


async def test_a_long_line_hides_no_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    code = "import sys; sys.stderr.write('x' * 100_000 + '\\n0.1 E no such file\\n')"
    monkeypatch.setattr("tui.engine.process._COMMAND", (sys.executable, "-c", code))
    child = await ModelProcess.start({})
    with pytest.raises(EngineError, match="error loading model: no such file"):
        await child.ready()


def test_folders_of_others_with_such_a_name_are_let_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    others = [tmp_path / f"ot-{10**30}-x", tmp_path / "ot-dangling-x"]
    others[0].mkdir()
    others[1].symlink_to(tmp_path / "nowhere")
    with socket_folder() as folder:
        assert folder.is_dir()
    assert set(tmp_path.iterdir()) == set(others)


async def test_an_engine_that_nobody_attaches_to_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.engine.followers._FIRST_SECONDS", 0.01)
    followers = Followers()
    followers.watch()
    await followers.left_alone()


async def test_an_engine_that_follows_nobody_outlasts_whoever_attaches() -> None:
    followers = Followers()
    followers.joined()
    followers.left()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(followers.left_alone(), timeout=0.2)


def test_the_memory_a_model_needs_is_its_file_and_its_window(models: list[Model]) -> None:
    header = models[0].header
    assert header
    assert memory.needed(header, 100) == header.size + 2 * 2 * 2 * 64 * 100
    assert (memory.available() or 1) > 0
