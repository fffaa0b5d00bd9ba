import os
from pathlib import Path

import msgspec
import pytest

from tui.domain.manifests import CONFIG, LICENSE, Manifest
from tui.domain.names import ModelName
from tui.engine.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "models")
    store.prepare()
    return store


def _put(store: Store, name: str, *texts: bytes) -> ModelName:
    config, _new = store.add(b"{}", CONFIG)
    layers = [store.add(text, LICENSE)[0] for text in texts]
    parsed = ModelName.parse(name)
    store.save(parsed, msgspec.json.encode(Manifest(config=config, layers=layers)))
    return parsed


def test_a_model_is_found_in_any_case_and_keeps_its_spelling(store: Store) -> None:
    _put(store, "SmolLM2:135m", b"one")
    entry = store.find(ModelName.parse("smollm2:135M"))
    assert entry
    assert entry.name.short == "SmolLM2:135m"
    _put(store, "SMOLLM2:135M", b"two")
    assert [entry.name.short for entry in store.entries()] == ["SmolLM2:135m"]


def test_names_with_a_registrys_port_are_kept(store: Store) -> None:
    _put(store, "127.0.0.1:11600/library/x:1", b"one")
    assert store.entries()[0].name.short == "127.0.0.1:11600/library/x:1"


def test_deleting_keeps_what_another_model_uses(store: Store) -> None:
    one = _put(store, "one", b"shared", b"own")
    _put(store, "two", b"shared")
    entry = store.find(one)
    assert entry
    store.delete(entry)
    assert store.find(one) is None
    contents = {path.read_bytes() for path in store.blobs.iterdir()}
    assert contents == {b"shared", b"{}"}
    assert not list(store.folder.glob("manifests/*/*/one"))


def test_what_a_killed_engine_left_half_written_goes_after_a_day(store: Store) -> None:
    old, new = store.blobs / ".old", store.blobs / ".new"
    for draft in (old, new):
        draft.write_bytes(b"half")
    os.utime(old, (0, 0))
    store.prepare()
    assert [path.name for path in store.blobs.iterdir()] == [".new"]


def test_two_names_of_one_model_have_one_digest(store: Store) -> None:
    name = _put(store, "one", b"x")
    entry = store.find(name)
    assert entry
    store.copy(entry, ModelName.parse("two:9b"))
    digests = {entry.digest for entry in store.entries()}
    assert digests == {entry.digest}
    assert len(entry.digest) == 64


def test_the_files_of_a_model_that_another_is_copied_over_go_with_it(store: Store) -> None:
    one, two = _put(store, "one", b"x"), _put(store, "two", b"y")
    entry = store.find(one)
    assert entry
    store.copy(entry, two)
    assert {path.read_bytes() for path in store.blobs.iterdir()} == {b"x", b"{}"}


@pytest.mark.parametrize("damage", [b"{", b'{"a": "\xff"}'])
def test_a_damaged_manifest_does_not_hide_the_others(store: Store, damage: bytes) -> None:
    _put(store, "good", b"x")
    bad = store.folder / "manifests/registry.ollama.ai/library/bad/latest"
    bad.parent.mkdir(parents=True)
    bad.write_bytes(damage)
    (bad.parent / "not a tag!").write_text("{}")
    assert [entry.name.short for entry in store.entries()] == ["good:latest"]
