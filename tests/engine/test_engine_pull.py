"""Pulls by the engine from a registry that is slow, breaks or lies."""

import json
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from engine_process import PATIENCE, EngineProcess, until
from registry import Knobs, Registry, random_bytes

_WEIGHTS = "application/vnd.ollama.image.model"
_LICENSE = "application/vnd.ollama.image.license"
_BIG = random_bytes(3_000_000)


@pytest.fixture
def source() -> Iterator[Registry]:
    with Registry() as running:
        yield running


def _pull(engine: EngineProcess, name: str, **more: object) -> list[dict[str, Any]]:
    return engine.ask("/api/pull", {"model": name, "insecure": True, **more})


def _leave_after(engine: EngineProcess, name: str, count: int) -> None:
    """Pull, and go away once `count` bytes are told of."""
    body = {"model": name, "insecure": True}
    with engine.http.stream("POST", "/api/pull", json=body) as response:
        for line in response.iter_lines():
            if json.loads(line).get("completed", 0) > count:
                return


def _starts(source: Registry) -> list[int]:
    """Where the stretches of files that were asked for began."""
    return [int(asked.removeprefix("bytes=").partition("-")[0]) for asked in source.seen.ranges]


def test_every_file_is_told_of_in_order_and_the_manifest_is_kept_byte_for_byte(
    engine: EngineProcess, source: Registry
) -> None:
    name = source.add("library/one:latest", {_WEIGHTS: _BIG, _LICENSE: b"Mine"})
    lines = _pull(engine, name)
    totals = {line["digest"]: line["total"] for line in lines if "digest" in line}
    assert list(totals.values()) == [3_000_000, 4, 23]
    full = [
        line for line in lines if line.get("completed") == line.get("total") and "digest" in line
    ]
    assert {line["digest"] for line in full} == set(totals)
    kept = engine.home / "data/models/manifests" / source.host / "library/one/latest"
    assert kept.read_bytes() == source.manifests["library/one:latest"]


def test_a_pull_that_was_left_goes_on_where_it_was(engine: EngineProcess, source: Registry) -> None:
    source.knobs.rate = 3_000_000
    name = source.add("library/left:latest", {_WEIGHTS: _BIG})
    _leave_after(engine, name, 500_000)
    until(lambda: list(engine.blobs.glob("*-partial-0")))
    source.knobs.rate = 0
    lines = _pull(engine, name)
    first = next(line["completed"] for line in lines if line.get("completed"))
    assert first > 400_000
    assert lines[-1] == {"status": "success"}
    assert sum(start > 400_000 for start in _starts(source)) == 1
    assert not list(engine.blobs.glob("*-partial*"))


def test_a_pull_survives_the_death_of_the_engine(tmp_path: Path, source: Registry) -> None:
    source.knobs.rate = 2_000_000
    name = source.add("library/killed:latest", {_WEIGHTS: _BIG})
    with EngineProcess(tmp_path) as engine:
        body = {"model": name, "insecure": True}
        with engine.http.stream("POST", "/api/pull", json=body) as response:
            for line in response.iter_lines():
                if json.loads(line).get("completed", 0) > 1_500_000:
                    engine.process.send_signal(signal.SIGKILL)
                    break
        engine.ended()
    source.knobs.rate = 0
    with EngineProcess(tmp_path) as engine:
        lines = _pull(engine, name)
        assert lines[-1] == {"status": "success"}
        started = [
            int(asked.removeprefix("bytes=").partition("-")[0]) for asked in source.seen.ranges
        ]
        assert max(start for start in started if start) >= 900_000


def test_two_clients_share_one_download(engine: EngineProcess, source: Registry) -> None:
    source.knobs.rate = 4_000_000
    name = source.add("library/shared:latest", {_WEIGHTS: _BIG})
    told: list[list[dict[str, Any]]] = []

    def follow() -> None:
        with httpx.Client(base_url=engine.url, timeout=PATIENCE, trust_env=False) as client:
            response = client.post("/api/pull", json={"model": name, "insecure": True})
            told.append([json.loads(line) for line in response.content.splitlines()])

    followers = [threading.Thread(target=follow) for _ in range(2)]
    for follower in followers:
        follower.start()
    for follower in followers:
        follower.join()
    assert [lines[-1] for lines in told] == [{"status": "success"}] * 2
    assert source.seen.ranges.count("bytes=0-2999999") == 1


def test_a_lie_is_found_out_and_not_kept(engine: EngineProcess, source: Registry) -> None:
    source.knobs.corrupt = True
    name = source.add("library/lie:latest", {_WEIGHTS: _BIG})
    last = _pull(engine, name)[-1]
    assert last["error"].startswith("digest mismatch, file must be downloaded again: want sha256:")
    digest = json.loads(source.manifests["library/lie:latest"])["layers"][0]["digest"]
    assert not list(engine.blobs.glob(digest.replace(":", "-") + "*"))
    source.knobs.corrupt = False
    assert _pull(engine, name)[-1] == {"status": "success"}


def test_what_the_new_version_does_not_use_is_removed(
    engine: EngineProcess, source: Registry
) -> None:
    name = source.add("library/new:latest", {_WEIGHTS: b"old" * 100})
    _pull(engine, name)
    before = {path.name for path in engine.blobs.iterdir()}
    source.add("library/new:latest", {_WEIGHTS: b"new" * 100})
    assert {"status": "removing unused layers"} in _pull(engine, name)
    after = {path.name for path in engine.blobs.iterdir()}
    assert len(before - after) == 1


def test_a_damaged_manifest_can_be_mended_in_every_way(
    engine: EngineProcess, source: Registry
) -> None:
    name = source.add("library/mended:latest", {_WEIGHTS: b"mended"})
    path = engine.home / "data/models/manifests" / source.host / "library/mended/latest"
    _pull(engine, name)

    def damage() -> None:
        path.write_bytes(b'{"config": "\xff"}')

    damage()
    assert "is damaged" in engine.ask("/api/push", {"model": name, "insecure": True})[-1]["error"]
    assert len(engine.http.get("/api/tags").json()["models"]) == 3
    assert _pull(engine, name)[-1] == {"status": "success"}
    damage()
    assert engine.ask("/api/create", {"model": name, "from": "tiny"})[-1] == {"status": "success"}
    damage()
    copied = engine.http.post("/api/copy", json={"source": "tiny", "destination": name})
    assert copied.status_code == 200
    damage()
    deleted = engine.http.request("DELETE", "/api/delete", json={"model": name})
    assert deleted.status_code == 200
    assert not path.parent.exists()


@pytest.mark.parametrize("size", [10**18, -1])
def test_a_size_that_no_file_has_is_refused(
    engine: EngineProcess, source: Registry, size: int
) -> None:
    name = source.add("library/huge:latest", {_WEIGHTS: b"x"})
    manifest = json.loads(source.manifests["library/huge:latest"])
    manifest["layers"][0]["size"] = size
    source.manifests["library/huge:latest"] = json.dumps(manifest).encode()
    assert "Expected `int`" in _pull(engine, name)[-1]["error"]


@pytest.mark.parametrize(
    ("knobs", "said"),
    [
        (Knobs(manifest_status=500), "pull model manifest: 500: {"),
        (Knobs(manifest_status=429), "pull model manifest: 429: {"),
        (Knobs(manifest_status=412), "pull model manifest: 412: {"),
    ],
)
def test_a_registrys_refusal_is_passed_on(engine: EngineProcess, knobs: Knobs, said: str) -> None:
    with Registry(knobs) as source:
        name = source.add("library/x:latest", {_WEIGHTS: b"x"})
        lines = _pull(engine, name)
    assert lines[0] == {"status": "pulling manifest"}
    assert lines[-1]["error"].startswith(said)


def test_what_is_not_there_is_an_error_in_either_form(
    engine: EngineProcess, source: Registry
) -> None:
    body = {"model": f"{source.host}/library/nope", "insecure": True}
    error = {"error": "pull model manifest: file does not exist"}
    assert engine.ask("/api/pull", body)[-1] == error
    response = engine.http.post("/api/pull", json=body | {"stream": False})
    assert (response.status_code, response.json()) == (500, error)


def test_a_registry_that_does_not_answer_is_told_of_by_its_address(engine: EngineProcess) -> None:
    with Registry() as gone:
        address = gone.host
    error = _pull(engine, f"{address}/library/x:1")[-1]["error"]
    url = f"http://{address}/v2/library/x/manifests/1"
    assert error.startswith(f'pull model manifest: Get "{url}": ')


def test_a_registry_that_wants_a_token_from_anybody_gets_it(
    engine: EngineProcess, source: Registry
) -> None:
    source.knobs.token = "for-anybody"
    name = source.add("library/token:latest", {_WEIGHTS: b"x" * 10})
    assert _pull(engine, name)[-1] == {"status": "success"}
    assert source.seen.redirected_tokens
    assert not any(source.seen.redirected_tokens)


def test_an_unknown_base_is_pulled_first(engine: EngineProcess, source: Registry) -> None:
    lines = engine.ask("/api/create", {"model": "tiny-new", "from": f"{source.host}/library/nope"})
    assert lines[0] == {"status": "pulling manifest"}
    assert "pull model manifest" in lines[-1]["error"]
