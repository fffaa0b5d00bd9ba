"""Newer versions of models, told by a registry."""

import hashlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from eventually import eventually
from fake_ollama import FakeOllama
from program import Program
from registry import Registry
from tui.api.errors import Unreachable
from tui.domain.manifests import WEIGHTS
from tui.domain.models import LocalModel
from tui.domain.names import ModelName
from tui.worker.events import ModelChecked


@pytest.fixture
def registry() -> Iterator[Registry]:
    with Registry() as registry:
        yield registry


@pytest.fixture
async def program(fake: FakeOllama, tmp_path: Path) -> AsyncIterator[Program]:
    async with Program(tmp_path, local=fake.url) as program:
        program.worker.updates.allowed = True
        yield program


def put(registry: Registry, name: str, content: bytes) -> LocalModel:
    full = registry.add(name, {WEIGHTS: content})
    digest = hashlib.sha256(registry.manifests[name]).hexdigest()
    return LocalModel(name=full, digest=digest)


async def test_a_model_is_current_until_its_registry_has_another(
    program: Program, registry: Registry
) -> None:
    updates = program.worker.updates
    model = put(registry, "library/tiny:latest", b"one")
    assert updates.state(model) == "unknown"
    assert await updates.look(model) == "current"
    put(registry, "library/tiny:latest", b"two")
    assert await updates.look(model) == "update"


async def test_models_are_checked_once_in_the_background(
    program: Program, registry: Registry
) -> None:
    updates = program.worker.updates
    models = [put(registry, f"library/m{n}:latest", b"%d" % n) for n in range(8)]
    updates.check(models)
    updates.check(models)
    told = program.told
    await eventually(
        lambda: len([each for each in told if isinstance(each, ModelChecked)]) == 8, "all answers"
    )
    assert [updates.state(model) for model in models] == ["current"] * 8
    updates.check(models)
    assert len(registry.seen.paths) == 8


async def test_answers_outlive_the_program(
    fake: FakeOllama, registry: Registry, tmp_path: Path
) -> None:
    model = put(registry, "library/tiny:latest", b"one")
    async with Program(tmp_path, local=fake.url) as program:
        await program.worker.updates.look(model)
    async with Program(tmp_path, local=fake.url) as program:
        assert program.worker.updates.state(model) == "current"


async def test_one_bad_name_does_not_stop_a_batch(program: Program, registry: Registry) -> None:
    models = [
        put(registry, "library/a:latest", b"a"),
        LocalModel(name=f"{registry.host}/library/gone:latest", digest="0"),
        LocalModel(name="127.0.0.1:1/library/down:latest", digest="0"),
        LocalModel(name="not a name", digest="0"),
        put(registry, "library/b:latest", b"b"),
    ]
    states = [state async for _model, state, _error in program.worker.updates.each(models)]
    assert states == ["current", "unlisted", "unknown", "unlisted", "current"]


async def test_a_registry_that_is_down_is_waited_for_once_in_a_batch(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    async def down(name: ModelName) -> bytes:
        asked.append(name.model)
        raise Unreachable("no way there")

    updates = program.worker.updates
    monkeypatch.setattr(updates, "_ask", down)
    models = [LocalModel(name=f"m{n}:1b", digest="0") for n in range(50)]
    answers = [each async for each in updates.each(models)]
    assert {(state, error) for _model, state, error in answers} == {("unknown", "no way there")}
    assert [model for model, _state, _error in answers] == models
    assert len(asked) <= 3


async def test_what_a_model_is_made_of_is_told_only_of_the_version_that_is_here(
    program: Program, registry: Registry
) -> None:
    model = put(registry, "library/tiny:latest", b"one")
    manifest = await program.worker.updates.manifest(model)
    assert manifest is not None
    assert manifest.layers[0].size == 3
    other = LocalModel(name=model.name, digest="0" * 64)
    assert await program.worker.updates.manifest(other) is None


async def test_a_registry_that_cannot_be_reached_is_left_alone(program: Program) -> None:
    updates = program.worker.updates
    model = LocalModel(name="127.0.0.1:1/library/down:latest", digest="0")
    updates.check([model])
    await eventually(lambda: not updates._asking, "an answer")
    updates.check([model])
    assert not updates._asking
    assert updates.state(model) == "unknown"
