"""How the engine starts, is attached to, and ends."""

import hashlib
import json
import logging
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from engine_process import PATIENCE, EngineProcess, until
from tui.domain.manifests import TYPE
from tui.engine.__main__ import PlainFormatter

server = pytest.importorskip("tui.engine.server")
pytest.importorskip("xllamacpp")


def _following(home: Path) -> EngineProcess:
    return EngineProcess(home, "--socket", str(home / "run" / "engine.sock"), "--follow")


def _gone(process: psutil.Process) -> bool:
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_it_serves_a_socket_that_only_its_owner_can_reach(tmp_path: Path, tiny: Path) -> None:
    with _following(tmp_path) as engine:
        socket = tmp_path / "run" / "engine.sock"
        assert engine.told == {"listening": f"unix:{socket}"}
        told = json.loads((tmp_path / "state" / "engine.json").read_bytes())
        assert told == {"socket": str(socket), "pid": engine.process.pid}
        assert socket.stat().st_mode & 0o077 == 0
        assert socket.parent.stat().st_mode & 0o077 == 0
        engine.create("tiny", tiny)
        assert engine.ask("/api/generate", {"model": "tiny"})[-1]["done_reason"] == "load"
        assert all(path.stat().st_mode & 0o077 == 0 for path in engine.blobs.iterdir())


def test_it_ends_when_the_last_program_leaves(tmp_path: Path) -> None:
    with _following(tmp_path) as engine:
        with engine.http.stream("GET", "/api/ollama-tui/attached") as first:
            assert first.status_code == 200
            with engine.http.stream("GET", "/api/ollama-tui/attached"):
                pass
            assert engine.http.get("/api/version").json()["engine"].startswith("ollama-tui")
        assert engine.ended() == 0
    assert not (tmp_path / "state" / "engine.json").exists()
    assert not (tmp_path / "run" / "engine.sock").exists()


def test_a_program_that_restarts_finds_it_still_there(tmp_path: Path) -> None:
    with _following(tmp_path) as engine:
        for _ in range(2):
            with engine.http.stream("GET", "/api/ollama-tui/attached") as attached:
                assert attached.status_code == 200
        assert engine.process.poll() is None


def test_a_second_one_points_to_the_first(tmp_path: Path) -> None:
    with _following(tmp_path) as first, _following(tmp_path) as second:
        assert second.told == {"running": str(tmp_path / "run" / "engine.sock")}
        assert second.ended() == 0
        assert first.http.get("/").status_code == 200


def test_a_socket_that_a_dead_engine_left_is_taken_over(tmp_path: Path) -> None:
    with _following(tmp_path) as first:
        first.process.kill()
        first.ended()
        assert (tmp_path / "run" / "engine.sock").exists()
        with _following(tmp_path) as second:
            assert second.http.get("/").status_code == 200


def test_a_file_that_is_no_socket_is_kept(tmp_path: Path) -> None:
    letter = tmp_path / "letter"
    letter.write_text("Dear")
    with EngineProcess(tmp_path / "home", "--host", f"unix:{letter}") as engine:
        assert engine.ended() == 1
    assert letter.read_text() == "Dear"
    assert (
        engine.log.read_text() == f"{letter} is no socket, and it is kept. Choose another path.\n"
    )


def test_nothing_that_is_logged_can_steer_the_terminal() -> None:
    record = logging.makeLogRecord({"msg": "%s", "args": ("one\x1b]0;two\x07\r\n\tthré\u202ee",)})
    assert PlainFormatter().format(record) == r"one\x1b]0;two\x07\r" + "\n\tthré" + r"\u202ee"


def test_a_port_that_is_taken_is_told_of_in_one_line(tmp_path: Path) -> None:
    with EngineProcess(tmp_path / "one") as first:
        address = first.url.removeprefix("http://")
        with EngineProcess(tmp_path / "two", "--host", address) as second:
            assert second.ended() == 1
        (line,) = second.log.read_text().splitlines()
        assert line.startswith(f"port {address.rpartition(':')[2]} is taken: another Ollama")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_ends_it_and_its_models_within_a_second(
    tmp_path: Path, tiny: Path, number: signal.Signals
) -> None:
    with EngineProcess(tmp_path) as engine:
        engine.create("tiny", tiny)
        body = {"model": "tiny", "prompt": "Hi", "options": {"num_predict": 100_000}}
        with engine.http.stream("POST", "/api/generate", json=body) as response:
            next(response.iter_raw())
            (child,) = engine.models
            began = time.monotonic()
            engine.process.send_signal(number)
            assert engine.ended() == 0
            took = time.monotonic() - began
        assert _gone(child)
        assert took < 1.5


def test_its_models_die_with_it_whatever_kills_it(tmp_path: Path, tiny: Path) -> None:
    with EngineProcess(tmp_path) as engine:
        engine.create("tiny", tiny)
        engine.ask("/api/generate", {"model": "tiny"})
        (child,) = engine.models
        engine.process.kill()
        engine.ended()
        until(lambda: _gone(child))
        folders = Path(tempfile.gettempdir()).glob(f"ot-{engine.process.pid}-*")
        left = list(folders)
        assert left
        with EngineProcess(tmp_path):
            assert not any(folder.exists() for folder in left)


def test_pages_and_names_from_elsewhere_are_kept_out(tmp_path: Path) -> None:
    with EngineProcess(tmp_path) as engine:
        for headers, status in (
            ({"host": "evil.example"}, 403),
            ({"host": "evil.example:11434"}, 403),
            ({"host": "localhost:11434"}, 200),
            ({"host": "192.168.1.2"}, 200),
            ({"host": "box.local"}, 200),
            ({"origin": "http://evil.example"}, 403),
            ({"origin": "http://localhost.evil.example"}, 403),
            ({"origin": "null"}, 403),
            ({"origin": "http://127.0.0.1:8080"}, 200),
            ({"origin": "app://obsidian.md"}, 200),
        ):
            response = engine.http.get("/api/tags", headers=headers)
            assert response.status_code == status, headers
            assert status == 200 or not response.content


def test_models_are_kept_where_ollamas_setting_says(tmp_path: Path, tiny: Path) -> None:
    places = {"OLLAMA_MODELS": str(tmp_path / "elsewhere")}
    with EngineProcess(tmp_path / "home", environment=places) as engine:
        engine.create("tiny", tiny)
    assert (tmp_path / "elsewhere/manifests/registry.ollama.ai/library/tiny/latest").exists()
    assert not (tmp_path / "home/data").exists()


def test_listening_to_the_world_is_warned_of(tmp_path: Path) -> None:
    with EngineProcess(tmp_path, "--host", "0.0.0.0:0") as engine:
        assert engine.http.get("/", headers={"host": "box.example"}).status_code == 200
    assert engine.log.read_text().startswith("Everybody who reaches 0.0.0.0 can use and delete")


def test_a_missing_extra_is_told_with_its_remedy(tmp_path: Path) -> None:
    (tmp_path / "xllamacpp.py").write_text("raise ModuleNotFoundError(name='xllamacpp')")
    command = [sys.executable, "-P", "-m", "tui.engine", "--host", "127.0.0.1:0"]
    environment = os.environ | {"PYTHONPATH": str(tmp_path), "OLLAMA_TUI_HOME": str(tmp_path)}
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 3
    assert "xllamacpp" in run.stderr
    assert "ollama-tui[local]" in run.stderr
    (tmp_path / "xllamacpp.py").write_text("raise ImportError('libgomp.so.1: cannot open')")
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 3
    assert "libgomp1" in run.stderr


def test_an_idle_connection_stays_open_longer_than_any_pause_in_a_chat() -> None:
    assert server.IDLE_SECONDS >= 600


def test_it_listens_on_no_other_machine(tmp_path: Path) -> None:
    words = [sys.executable, "-P", "-m", "tui.engine", "--host", "ssh://box"]
    environment = {**os.environ, "OLLAMA_TUI_HOME": str(tmp_path)}
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "ssh://box is another machine" in done.stderr


def test_of_five_at_once_the_queue_takes_as_many_as_it_may(tmp_path: Path, tiny: Path) -> None:
    with EngineProcess(tmp_path, environment={"OLLAMA_MAX_QUEUE": "1"}) as engine:
        assert engine.http.get("/api/tags").json() == {"models": []}
        engine.create("tiny", tiny)
        body = {"model": "tiny", "prompt": "Hi", "options": {"num_predict": 3}}
        with ThreadPoolExecutor(5) as threads:
            asked = [threads.submit(engine.http.post, "/api/generate", json=body)
                     for _ in range(5)]  # fmt: skip
            statuses = sorted(each.result().status_code for each in asked)
        assert statuses == [200, 200, 503, 503, 503]


def test_a_store_that_ollama_made_is_used_as_it_is(tmp_path: Path, tiny: Path) -> None:
    models = tmp_path / "ollama" / "models"
    _lay_out_like_ollama(models, tiny)
    before = {path: path.stat().st_mtime_ns for path in models.rglob("*") if path.is_file()}
    with EngineProcess(tmp_path / "home", environment={"OLLAMA_MODELS": str(models)}) as engine:
        (model,) = engine.http.get("/api/tags").json()["models"]
        assert (model["name"], model["details"]["parent_model"]) == ("mine:1b", "other:latest")
        card = engine.http.post("/api/show", json={"model": "mine:1b"}).json()
        assert card["system"] == "Be brief."
        assert card["template"] == "{{ .Prompt }}"
        assert card["parameters"].split() == ["num_predict", "3", "stop", '"</s>"']
        assert card["messages"] == [{"role": "user", "content": "Hi"}]
        body = {"model": "mine:1b", "messages": [{"role": "user", "content": "Hello"}]}
        assert engine.ask("/api/chat", body)[-1]["eval_count"] == 3
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert {path for path in models.rglob("*") if path.is_file()} == set(before)


def _lay_out_like_ollama(models: Path, tiny: Path) -> None:
    """A model as Ollama writes it, with a download it was in the middle of."""
    kept: list[dict[str, str | int]] = []
    (models / "blobs").mkdir(parents=True)
    for kind, content in (
        ("model", tiny.read_bytes()),
        ("template", b"{{ .Prompt }}"),
        ("system", b"Be brief."),
        ("params", b'{"num_predict":3,"stop":["</s>"]}'),
        ("messages", b'[{"role":"user","content":"Hi"}]'),
        ("config", b'{"model_format":"gguf","model_family":"llama","file_type":"F32"}'),
    ):
        digest = "sha256:" + hashlib.sha256(content).hexdigest()
        (models / "blobs" / digest.replace(":", "-")).write_bytes(content)
        layer = f"application/vnd.ollama.image.{kind}"
        kept.append({"mediaType": layer, "digest": digest, "size": len(content)})
    kept[0]["from"] = "other:latest"
    config = kept.pop() | {"mediaType": "application/vnd.docker.container.image.v1+json"}
    manifest = {"schemaVersion": 2, "mediaType": TYPE, "config": config, "layers": kept}
    path = models / "manifests/registry.ollama.ai/library/mine/1b"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(manifest))
    (models / "blobs" / f"sha256-{'0' * 64}-partial").write_bytes(b"half")
    part = '{"N":0,"Offset":0,"Size":100,"Completed":4}'
    (models / "blobs" / f"sha256-{'0' * 64}-partial-0").write_text(part)


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        (f"/api/blobs/sha256:{'0' * 64}", 507, "no space left on device"),
        ("/api/chat", 413, "request body too large"),
        ("/v1/chat/completions", 413, "request body too large"),
    ],
)
def test_what_is_too_much_is_refused_before_its_first_byte(
    engine: EngineProcess, path: str, status: int, said: str
) -> None:
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {10**18}\r\n\r\n"
    address = engine.http.base_url.host, engine.http.base_url.port or 0
    with socket.create_connection(address, timeout=PATIENCE) as raw:
        raw.sendall(head.encode())
        answer = ""
        while said not in answer:
            data = raw.recv(65536)
            assert data, answer
            answer += data.decode()
    assert answer.startswith(f"HTTP/1.1 {status} ")


def test_pages_that_the_variable_names_may_ask_and_others_may_not(tmp_path: Path) -> None:
    trusted = {"OLLAMA_ORIGINS": "https://ui.example, chrome-extension://*"}
    with EngineProcess(tmp_path, environment=trusted) as engine:
        for origin, status in (
            ("https://ui.example", 200),
            ("chrome-extension://abc", 200),
            ("http://localhost:3000", 200),
            ("https://ui.example.evil.example", 403),
        ):
            answer = engine.http.get("/api/version", headers={"origin": origin})
            assert answer.status_code == status
            assert answer.headers.get("access-control-allow-origin", origin) == origin


@pytest.mark.parametrize("debugs", [False, True])
def test_what_llama_cpp_says_is_logged_when_that_is_wanted(
    tmp_path: Path, tiny: Path, debugs: bool
) -> None:
    pytest.importorskip("xllamacpp")
    with EngineProcess(tmp_path, environment={"OLLAMA_DEBUG": str(int(debugs))}) as engine:
        engine.create("tiny", tiny)
        engine.ask(
            "/api/generate", {"model": "tiny", "prompt": "Hi", "options": {"num_predict": 2}}
        )
    assert ("llama.cpp: " in engine.log.read_text()) is debugs
