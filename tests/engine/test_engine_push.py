"""Pushes by the engine to a registry that has some of it, sends it on, or refuses."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from engine_process import EngineProcess
from registry import Registry


@pytest.fixture
def target() -> Iterator[Registry]:
    with Registry() as running:
        yield running


def _push(engine: EngineProcess, name: str) -> list[dict[str, Any]]:
    engine.http.post("/api/copy", json={"source": "tiny", "destination": name})
    return engine.ask("/api/push", {"model": name, "insecure": True})


def test_what_was_pushed_can_be_pulled_again(engine: EngineProcess, target: Registry) -> None:
    name = f"{target.host}/me/mine:v1"
    lines = _push(engine, name)
    assert lines[0] == {"status": "retrieving manifest"}
    assert lines[-2:] == [{"status": "pushing manifest"}, {"status": "success"}]
    digest = engine.http.get("/api/tags").json()["models"][0]["digest"]
    engine.http.request("DELETE", "/api/delete", json={"model": name})
    assert engine.ask("/api/pull", {"model": name, "insecure": True})[-1] == {"status": "success"}
    assert engine.http.get("/api/tags").json()["models"][0]["digest"] == digest


def test_what_is_there_is_not_brought_again(engine: EngineProcess, target: Registry) -> None:
    _push(engine, f"{target.host}/me/mine:v1")
    brought = len(target.seen.uploads)
    lines = _push(engine, f"{target.host}/me/other:v1")
    assert len(target.seen.uploads) == brought > 0
    assert all(line["completed"] == line["total"] for line in lines if "digest" in line)


def test_a_part_is_put_where_the_registry_sends_it(engine: EngineProcess, target: Registry) -> None:
    target.knobs.token = "for-anybody"
    target.knobs.redirect_uploads = True
    name = f"{target.host}/me/mine:v1"
    assert _push(engine, name)[-1] == {"status": "success"}
    assert target.seen.redirected_tokens == [""]
    (stored,) = target.manifests.values()
    assert json.loads(stored)["layers"]


def test_a_registry_that_wants_to_know_who_pushes_is_not_pushed_to(
    engine: EngineProcess, target: Registry
) -> None:
    target.knobs.deny_push = True
    lines = _push(engine, f"{target.host}/me/mine:v1")
    assert lines[-1]["error"].startswith("403: {")
    response = engine.http.post("/api/push", json={"model": "nope", "stream": False})
    assert response.status_code == 500
    assert response.json()["error"].endswith("/library/nope/latest: no such file or directory")
