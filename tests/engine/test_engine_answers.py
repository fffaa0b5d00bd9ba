"""Answers in the making: cut short, crashed, crowded out of the window."""

import json
import os
import signal
import time
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

import tiny_gguf
from engine_process import EngineProcess, until

_HELLO = [{"role": "user", "content": "Hello"}]
_ENDLESS = {"temperature": 0, "num_predict": 100_000}
_BRIEF = {"temperature": 0, "num_predict": 4}


def _running(engine: EngineProcess) -> list[dict[str, Any]]:
    models: list[dict[str, Any]] = engine.http.get("/api/ps").json()["models"]
    return models


def _idle(process: psutil.Process) -> bool:
    """Whether a model's process has stopped computing."""
    before = process.cpu_times()
    time.sleep(0.15)
    after = process.cpu_times()
    return after.user - before.user < 0.05


@pytest.fixture
def slow_reader(engine: EngineProcess, tmp_path: Path) -> str:
    """The name of a model that takes seconds to read a long prompt."""
    shape = tiny_gguf.Shape(width=256, layers=12, inner=1024, context=8192)
    engine.create("slow", tiny_gguf.write(tmp_path / "slow.gguf", shape=shape))
    return "slow"


def test_a_stream_that_its_reader_leaves_stops_the_model(engine: EngineProcess) -> None:
    body = {"model": "tiny", "messages": _HELLO, "options": _ENDLESS}
    with engine.http.stream("POST", "/api/chat", json=body) as response:
        next(response.iter_raw())
        (child,) = engine.models
    until(lambda: _idle(child))
    assert engine.ask("/api/chat", body | {"options": _BRIEF})[-1]["eval_count"] == 4
    assert engine.models == [child]


def test_an_answer_that_nobody_waits_for_stops_the_model(engine: EngineProcess) -> None:
    body = {"model": "tiny", "messages": _HELLO, "options": _ENDLESS, "stream": False}
    with pytest.raises(httpx.ReadTimeout):
        engine.http.post("/api/chat", json=body, timeout=0.5)
    (child,) = engine.models
    until(lambda: _idle(child))


def test_leaving_while_the_prompt_is_read_stops_the_model(
    engine: EngineProcess, slow_reader: str
) -> None:
    engine.ask("/api/generate", {"model": slow_reader, "options": {"num_ctx": 8192}})
    (child,) = engine.models
    began = time.monotonic()
    body = {"model": slow_reader, "prompt": "a b " * 2000, "options": {"num_ctx": 8192}}
    with pytest.raises(httpx.ReadTimeout):
        engine.http.post("/api/generate", json=body, timeout=0.3)
    until(lambda: _idle(child))
    assert time.monotonic() - began < 5


def test_a_killed_model_ends_its_stream_with_an_error(engine: EngineProcess) -> None:
    body = {"model": "tiny", "messages": _HELLO, "options": _ENDLESS}
    with engine.http.stream("POST", "/api/chat", json=body) as response:
        chunks = response.iter_raw()
        next(chunks)
        (child,) = engine.models
        child.kill()
        last = b"".join(chunks).split(b"\n")[-2]
    error = "an error was encountered while running the model: unexpected EOF"
    assert json.loads(last) == {"error": error}
    lines = engine.ask("/api/chat", body | {"options": _BRIEF})
    assert lines[-1]["done_reason"] == "length"
    assert engine.models != [child]


def test_a_model_that_died_in_its_sleep_loads_again(engine: EngineProcess) -> None:
    engine.ask("/api/generate", {"model": "tiny"})
    (child,) = engine.models
    os.kill(child.pid, signal.SIGKILL)
    until(lambda: not _running(engine))
    assert engine.ask("/api/generate", {"model": "tiny"})[-1]["done_reason"] == "load"


def test_another_window_loads_the_model_again(engine: EngineProcess) -> None:
    for context in (1024, 2048):
        options = _BRIEF | {"num_ctx": context}
        engine.ask("/api/chat", {"model": "tiny", "messages": _HELLO, "options": options})
        assert [model["context_length"] for model in _running(engine)] == [context]
        assert len(engine.models) == 1


def test_old_messages_make_room_and_system_texts_stay(engine: EngineProcess) -> None:
    system = {"role": "system", "content": "S" * 50}
    old = [{"role": "user", "content": "x" * 100}, {"role": "assistant", "content": "y" * 100}] * 10
    options = _BRIEF | {"num_ctx": 512}
    body = {"model": "tiny", "messages": [system, *old, *_HELLO], "options": options}
    (answer,) = engine.ask("/api/chat", body | {"stream": False})
    alone = {"model": "tiny", "messages": [system, *_HELLO], "options": options, "stream": False}
    (short,) = engine.ask("/api/chat", alone)
    assert short["prompt_eval_count"] < answer["prompt_eval_count"] < 512
    (refused,) = engine.ask("/api/chat", body | {"truncate": False})
    assert "exceeds the available context size (512 tokens)" in refused["error"]


def test_an_overlong_prompt_keeps_its_end(engine: EngineProcess) -> None:
    body = {"model": "tiny", "prompt": "x" * 2000, "options": _BRIEF | {"num_ctx": 512}}
    assert engine.ask("/api/generate", body)[-1]["prompt_eval_count"] == 256
    (refused,) = engine.ask("/api/generate", body | {"truncate": False})
    assert "exceeds the available context size (512 tokens)" in refused["error"]


def test_what_the_model_brings_is_said_before_the_clients_messages(
    engine: EngineProcess, tiny: Path
) -> None:
    engine.create(
        "tiny-pirate",
        tiny,
        system="Be a pirate.",
        messages=[{"role": "user", "content": "Ahoy"}, {"role": "assistant", "content": "Arr"}],
        parameters={"num_predict": 3, "temperature": 0},
    )
    for path, body in (
        ("/api/chat", {"messages": _HELLO}),
        ("/api/generate", {"prompt": "Hello"}),
    ):
        (more,) = engine.ask(path, {"model": "tiny-pirate", "stream": False, **body})
        (less,) = engine.ask(path, {"model": "tiny", "stream": False, "options": _BRIEF, **body})
        said = len("system\nBe a pirate.") + len("user\nAhoy") + len("assistant\nArr")
        assert more["eval_count"] == 3
        assert more["prompt_eval_count"] > less["prompt_eval_count"] + said * 0.8


@pytest.mark.parametrize("template", [tiny_gguf.THINKING_TEMPLATE, tiny_gguf.FORGETFUL_TEMPLATE])
def test_thinking_is_told_apart_and_can_be_switched_off(
    engine: EngineProcess, tmp_path: Path, template: str
) -> None:
    engine.create("thinker", tiny_gguf.write(tmp_path / "thinker.gguf", template=template))
    body = {"model": "thinker", "messages": _HELLO, "prompt": "Hello", "options": _BRIEF}
    for path, key in (("/api/chat", "content"), ("/api/generate", "response")):
        for think in ({}, {"think": True}, {"think": "low"}):
            (whole,) = engine.ask(path, body | think | {"stream": False})
            said = whole.get("message") or whole
            assert len(said["thinking"]) == 4
            assert said[key] == ""
        (whole,) = engine.ask(path, body | {"think": False, "stream": False})
        said = whole.get("message") or whole
        assert len(said[key]) == 4
        assert "thinking" not in said


def test_keep_alive_unloads_in_time(engine: EngineProcess) -> None:
    engine.ask("/api/generate", {"model": "tiny", "keep_alive": "100ms"})
    until(lambda: not _running(engine))
    until(lambda: not engine.models)
    engine.ask("/api/generate", {"model": "tiny", "keep_alive": -1})
    assert _running(engine)[0]["expires_at"].startswith("23")
    engine.ask(
        "/api/chat", {"model": "tiny", "messages": _HELLO, "options": _BRIEF, "keep_alive": 0}
    )
    until(lambda: not _running(engine))


def test_models_loaded_longest_are_listed_first_and_names_of_one_file_share_it(
    engine: EngineProcess,
) -> None:
    engine.http.post("/api/copy", json={"source": "tiny", "destination": "tiny-copy"})
    engine.ask("/api/generate", {"model": "tiny", "keep_alive": "1m"})
    engine.ask("/api/generate", {"model": "tiny-embed", "keep_alive": "9m"})
    engine.ask("/api/embed", {"model": "tiny-embed", "keep_alive": "9m"})
    engine.ask("/api/generate", {"model": "tiny-copy"})
    assert [each["name"] for each in _running(engine)] == ["tiny-embed:latest", "tiny-copy:latest"]


def test_a_fourth_model_takes_the_place_of_the_one_that_leaves_first(
    engine: EngineProcess, tiny: Path
) -> None:
    engine.create("tiny-other", tiny_gguf.write(tiny.with_name("fourth.gguf"), seed=4))
    for name, keep in (("tiny", "1m"), ("tiny-think", "9m"), ("tiny-other", "9m")):
        engine.ask("/api/generate", {"model": name, "keep_alive": keep})
    engine.ask("/api/embed", {"model": "tiny-embed"})
    assert "tiny:latest" not in {each["name"] for each in _running(engine)}
    assert len(engine.models) == 3


def test_a_damaged_model_says_what_is_wrong_with_it(engine: EngineProcess, tiny: Path) -> None:
    engine.create("tiny-broken", tiny_gguf.write(tiny.with_name("other.gguf"), seed=9))
    modelfile = engine.http.post("/api/show", json={"model": "tiny-broken"}).json()["modelfile"]
    blob = Path(modelfile.partition("\nFROM ")[2].partition("\n")[0])
    whole = blob.read_bytes()
    blob.write_bytes(whole[: len(whole) // 2])
    response = engine.http.post("/api/generate", json={"model": "tiny-broken", "prompt": "Hi"})
    assert response.status_code == 500
    assert "the file is cut off" in response.json()["error"]
    head, nonsense = whole[:8000], bytes(len(whole) - 8000)
    blob.write_bytes(head.replace(b"llama", b"lemma") + nonsense)
    response = engine.http.post("/api/generate", json={"model": "tiny-broken", "prompt": "Hi"})
    assert response.status_code == 500
    assert "unknown model architecture: 'lemma'" in response.json()["error"]


def test_text_that_splits_lines_elsewhere_stays_one_line(engine: EngineProcess) -> None:
    name = "tiny\u2028x"
    response = engine.http.post("/api/generate", json={"model": name})
    assert response.content.isascii()
    assert response.json() == {"error": f"model '{name}' not found"}


def test_uploads_that_are_not_what_they_say_are_not_kept(engine: EngineProcess) -> None:
    digest = "sha256:" + "0" * 64
    before = set(engine.blobs.iterdir())
    response = engine.http.post(f"/api/blobs/{digest}", content=b"not these bytes")
    assert response.status_code == 400
    assert "digest mismatch" in response.json()["error"]
    assert set(engine.blobs.iterdir()) == before


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"files": {"a": "sha256:" + "1" * 64}}, "no such file or directory"),
        ({"files": {"a": "../../../secret"}}, "invalid digest format"),
        ({"from": "tiny", "template": "a\n{{ .Prompt"}, "template error: template: :2: unclosed"),
        ({"from": "tiny", "adapters": {"a": "sha256:" + "1" * 64}}, "no such file or directory"),
        ({"from": "tiny", "draft_files": {"a": "sha256:" + "1" * 64}}, "does not use draft models"),
        ({"from": "tiny", "quantize": "q4_K_M"}, "does not quantize"),
        ({"from": "nowhere.invalid/x/y"}, "pull model manifest"),
    ],
)
def test_what_cannot_be_created_says_why(
    engine: EngineProcess, body: dict[str, Any], said: str
) -> None:
    assert said in engine.ask("/api/create", {"model": "tiny-new", **body})[-1]["error"]


def test_a_model_can_be_created_with_the_template_it_shows(engine: EngineProcess) -> None:
    template = engine.http.post("/api/show", json={"model": "tiny"}).json()["template"]
    lines = engine.ask("/api/create", {"model": "tiny-new", "from": "tiny", "template": template})
    assert lines[-1] == {"status": "success"}
