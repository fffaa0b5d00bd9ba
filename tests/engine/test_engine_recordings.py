"""What a real Ollama answered, the engine answers too: every recorded call is made again.

Status, kind of content, keys, types, the order of lines and the words of errors have to be the
same. What differs on purpose stands in docs/engine.md, in the table under "What is different on
purpose": a recording named there has to differ, so that the list stays true.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from itertools import groupby
from pathlib import Path
from typing import Any

import httpx
import pytest

import recordings
import tiny_gguf
from engine_process import EngineProcess
from recordings import Recording
from registry import Knobs, Registry

_DOCS = Path(__file__).resolve().parents[2] / "docs" / "engine.md"
_ELSEWHERE = {
    "chat_cancelled": "test_engine_answers",
    "chat_runner_killed": "test_engine_answers",
    "load_runner_killed": "test_engine_answers",
    "chat_queue_full_[245]": "test_scheduler",
    "chat_tools_nostream": "test_speech",
    "pull_after_server_killed": "test_engine_pull",
    "pull_cancelled": "test_engine_pull",
    "pull_cut_once": "test_official_client",
    "pull_default_registry_unreachable": "test_starter",
    "pull_no_host": "test_registry_client",
    "pull_registry_dies": "test_downloads",
    "pull_server_killed": "test_engine_pull",
    "tags_after_cancelled_pull": "test_engine_life",
    "tags_empty": "test_engine_life",
}
"""What takes more than one request, or another network, and the tests that do it."""
_SPOKEN = ("chat_think_*", "chat_tools_*", "generate_think_*")
"""Models of random weights neither end their thinking nor call tools by themselves: of these the
last line is compared here; what they say is in test_engine_answers."""
_FAULTS = {
    "pull_registry_401": Knobs(manifest_status=401),
    "pull_registry_429": Knobs(manifest_status=429),
    "pull_registry_500": Knobs(manifest_status=500),
    "pull_digest_mismatch": Knobs(corrupt=True, only_over=10_000),
    "push_denied": Knobs(deny_push=True),
}
_COPIES = ("my-copy", "pirate", "gone")
"""What recorded calls delete or overwrite."""
_WEIGHTS, _TEMPLATE, _PARAMETERS, _LICENSE = (
    f"application/vnd.ollama.image.{kind}" for kind in ("model", "template", "params", "license")
)
_Q4_1 = 3
_CONTENT = b"a file that somebody brings"
_BROUGHT = "sha256:" + hashlib.sha256(_CONTENT).hexdigest()
_SMALL = recordings.load("blob_post_small")
_HEX = re.compile(r"[0-9a-f]{64}|(?<=pulling )[0-9a-f]{12}|(?<=pushing )[0-9a-f]{12}")
_LAYER = re.compile(r"(creating new|using existing) layer")
_PLACE = re.compile(r"/\S+/(blobs|manifests)/")
_COUNT = re.compile(r"\(\d+ tokens\)")
_HOST = re.compile(r"127\.0\.0\.1:\d+")
_OF_THE_MODEL = ("model_info", "tensors", "parameters", "license", "system", "messages", "template")
"""What `show` tells of a model, not of the server."""


class Stage:
    """An engine with models of random weights under the names of the recorded ones."""

    def __init__(self, engine: EngineProcess, registry: Registry, tiny: Path) -> None:
        self.engine = engine
        self.registry = registry
        self.tiny = "sha256:" + hashlib.sha256(tiny.read_bytes()).hexdigest()
        engine.create("smollm2:135m", tiny)
        for kind, template, embed in (
            ("think", tiny_gguf.THINKING_TEMPLATE, False),
            ("tools", tiny_gguf.TOOLS_TEMPLATE, False),
            ("embed", tiny_gguf.TEMPLATE, True),
        ):
            path = tiny.with_name(f"tiny-{kind}.gguf")
            tiny_gguf.write(path, template=template, embed=embed)
            engine.create(f"smollm2-{kind}:135m", path)
        self._make("badparam", parameters={"temperature": "hot"})
        self.pulled = registry.add("library/smollm2:135m", {
            _WEIGHTS: tiny_gguf.write(tiny.with_name("pulled.gguf"), seed=8).read_bytes(),
            _TEMPLATE: b"{{ .Prompt }}", _PARAMETERS: b'{"stop":["x"]}', _LICENSE: b"Apache",
        })  # fmt: skip
        self._mine = f"{registry.host}/me/mine:v1"
        self._make("127.0.0.1:9/me/mine:v1")

    def replay(self, recording: Recording) -> httpx.Response:
        """Make a recorded call, with what was there at the time in its place."""
        self._set(recording.name)
        body: dict[str, Any] = {}
        if isinstance(recording.asked, str):
            body["content"] = recording.asked.encode()
        elif isinstance(recording.asked, dict) and "bytes" in recording.asked:
            body["content"] = _CONTENT
        elif recording.asked is not None:
            body["content"] = self._body(recording).encode()
        path = re.sub("sha256:b179[0-9a-f]+", _BROUGHT, recording.path)
        return self.engine.http.request(
            recording.method, path, headers=_asked_headers(recording.name), **body
        )

    def _body(self, recording: Recording) -> str:
        asked = recording.asked
        if "context" in recording.field:
            asked = asked | {"context": [token % 250 for token in asked["context"]]}
        if "sha256:b179" in str(recording.field.get("files")):
            asked = asked | {"files": {"tiny.gguf": self.tiny}, "model": "new"}
        if recording.path in ("/api/chat", "/api/generate"):
            asked = asked if isinstance(asked, list) else _brief(asked)
        gone = recording.name.endswith(("_registry_down", "_from_unknown"))
        host = "127.0.0.1:9" if gone else self.registry.host
        return re.sub(r"127\.0\.0\.1:1160[01]", host, json.dumps(asked))

    def _set(self, name: str) -> None:
        """What was there before this call."""
        self.registry.knobs = _FAULTS.get(name, Knobs())
        there = {model["name"] for model in self.engine.http.get("/api/tags").json()["models"]}
        for copy in _COPIES:
            if f"{copy}:latest" not in there:
                self._post("copy", source="smollm2:135m", destination=copy)
        prepared: list[tuple[str, Callable[[], object]]] = [
            ("delete_404", lambda: self._forget("my-copy")),
            ("pull_*", lambda: self._forget(self.pulled)),
            ("pull_again", lambda: self._post("pull", model=self.pulled, insecure=True)),
            ("push_*", lambda: self._make(self._mine, system="Pushed.", license=f"For {name}")),
            ("push_again", lambda: self._post("push", model=self._mine, insecure=True)),
            ("push_already_there", lambda: self._post("pull", model=self.pulled, insecure=True)),
            ("push_denied", self.registry.blobs.clear),
            ("push_ok", self.registry.blobs.clear),
            ("blob_head_200", lambda: self._post(f"blobs/{_BROUGHT}")),
            ("blob_post_again", lambda: self._post(f"blobs/{_BROUGHT}")),
            ("blob_head_404", lambda: self._lose(_BROUGHT)),
            ("blob_post_created", lambda: self._lose(_BROUGHT)),
            ("blob_post_small", lambda: self._lose(_SMALL.path.rpartition("/")[2])),
            ("create_not_a_gguf", lambda: self.replay(_SMALL)),
            ("ps_*", lambda: self._load(loaded=bool(recordings.load(name).lines[0]["models"]))),
        ]
        for pattern, prepare in prepared:
            if fnmatchcase(name, pattern):
                prepare()

    def _post(self, path: str, **body: object) -> None:
        content = json.dumps(body).encode() if body else _CONTENT
        self.engine.http.post(f"/api/{path}", content=content).raise_for_status()

    def _forget(self, model: str) -> None:
        self.engine.http.request("DELETE", "/api/delete", json={"model": model})

    def _lose(self, digest: str) -> None:
        (self.engine.blobs / digest.replace(":", "-")).unlink(missing_ok=True)

    def _load(self, *, loaded: bool) -> None:
        for model in ("smollm2:135m", "smollm2-think:135m", "smollm2-tools:135m"):
            self._post("generate", model=model, keep_alive=60 if loaded else 0)
        self._post("embed", model="smollm2-embed:135m", keep_alive=0)

    def _make(self, name: str, **what: object) -> None:
        self.engine.ask("/api/create", {"model": name, "from": "smollm2:135m", **what})


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    pytest.importorskip("xllamacpp")
    shape = tiny_gguf.Shape(file_type=_Q4_1)
    tiny = tiny_gguf.write(tmp_path_factory.mktemp("gguf") / "tiny.gguf", shape=shape)
    with EngineProcess(tmp_path_factory.mktemp("engine")) as engine, Registry() as registry:
        yield Stage(engine, registry, tiny)


def _names() -> list[str]:
    return [name for name in recordings.names() if not _any(_ELSEWHERE, name)]


def _any(patterns: object, name: str) -> bool:
    assert isinstance(patterns, (dict, tuple, list))
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def _differences() -> list[str]:
    """The recordings that docs/engine.md names as different."""
    rows = _DOCS.read_text("utf-8").partition("## What is different on purpose")[2]
    table = [row for row in rows.partition("\n## ")[0].splitlines() if row.startswith("| ")]
    return [name for row in table for name in re.findall(r"`(\w+\*?)`", row.split("|")[-2])]


def _asked_headers(name: str) -> dict[str, str]:
    meta = json.loads((recordings.FOLDER / f"{name}.meta.json").read_text("utf-8"))
    headers: dict[str, str] = meta["request"]["headers"]
    return headers


def _brief(asked: dict[str, Any]) -> dict[str, Any]:
    """Random weights find no end by themselves."""
    options = asked.get("options") or {}
    if options.get("num_predict") == 0:
        return asked | {"options": options | {"stop": list("aeiou")}}
    return asked | {"options": options | {"num_predict": 20}}


def _shape(value: object) -> object:
    """An answer with its values replaced by their types."""
    if isinstance(value, dict):
        return {key: _shape(each) for key, each in sorted(value.items())}
    if isinstance(value, list):
        return [shape for shape, _same in groupby(_shape(each) for each in value)]
    return type(value).__name__


def _line(line: dict[str, Any]) -> object:
    """What has to be the same in a line of an answer."""
    if "error" in line:
        return _words(str(line["error"]))
    if "status" in line:
        status = _LAYER.sub("layer", _HEX.sub("HEX", line["status"]))
        return status, _shape({key: line[key] for key in ("digest", "total") if key in line})
    return _shape({key: value for key, value in line.items() if key not in _OF_THE_MODEL})


def _words(text: str) -> str:
    if text.startswith("{"):
        # Ollama hands on the errors of its model processes as they come.
        text = json.loads(text)["error"]["message"]
    for pattern, word in ((_HEX, "HEX"), (_PLACE, "PLACE/"), (_COUNT, "(N tokens)"), (_HOST, "H")):
        text = pattern.sub(word, text)
    return text


def _told(name: str, status: int, kind: str, body: bytes) -> object:
    """An answer without what may differ from one server to the next."""
    kind = kind.partition(";")[0]
    if not kind.startswith("application/"):
        return status, kind, body.decode()
    lines = [_line(json.loads(line)) for line in body.split(b"\n") if line]
    told = [line for line, _same in groupby(lines)]
    return status, kind, told[-1:] if _any(_SPOKEN, name) else told


@pytest.mark.parametrize("name", _names())
def test_a_recorded_call_is_answered_alike(name: str, stage: Stage) -> None:
    recording = recordings.load(name)
    response = stage.replay(recording)
    body = b"" if recording.method == "HEAD" else recording.body
    kind = dict(recording.headers).get("Content-Type", "")
    theirs = _told(name, recording.status, kind, body)
    kind = response.headers.get("content-type", "")
    ours = _told(name, response.status_code, kind, response.content)
    if _any(_differences(), name):
        assert ours != theirs
    else:
        assert ours == theirs


def test_a_preflight_is_answered_for_pages_of_this_machine_only(stage: Stage) -> None:
    answer = stage.replay(recordings.load("cors_preflight"))
    assert answer.headers["access-control-allow-origin"] == "http://localhost:3000"
    foreign = {"origin": "http://evil.example", "access-control-request-method": "POST"}
    assert stage.engine.http.options("/api/chat", headers=foreign).status_code == 403
