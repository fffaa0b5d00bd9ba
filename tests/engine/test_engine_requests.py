"""What a request may ask for beside an answer: the prompt itself, a gap filled in, a template."""

import hashlib
import socket
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

import recordings
import tiny_gguf
from engine_process import PATIENCE, EngineProcess

_HELLO = [{"role": "user", "content": "Hello"}]
_BRIEF = {"temperature": 0, "num_predict": 4}
_FIM = ("<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>")


def _one(engine: EngineProcess, path: str, body: dict[str, Any]) -> dict[str, Any]:
    (line,) = engine.ask(path, {"stream": False, "options": _BRIEF, **body})
    return line


def test_the_prompt_is_shown_and_nothing_is_run(engine: EngineProcess) -> None:
    shown = "<|im_start|>user\nHello<|im_end|>\n<|im_start|>assistant\n"
    for path, body in (
        ("/api/chat", {"messages": _HELLO}),
        ("/api/generate", {"prompt": "Hello"}),
    ):
        asked = {"model": "tiny", "_debug_render_only": True, **body}
        response = engine.http.post(path, json=asked)
        assert response.headers["content-type"].startswith("application/json")
        answer = response.json()
        assert answer.pop("_debug_info") == {"rendered_template": shown}
        assert (answer["done"], "eval_count" in answer) == (False, False)


def test_a_gap_is_filled_in_between_prompt_and_suffix(
    engine: EngineProcess, tmp_path: Path
) -> None:
    shape = tiny_gguf.Shape(specials=_FIM)
    engine.create("coder", tiny_gguf.write(tmp_path / "coder.gguf", shape=shape))
    card = engine.http.post("/api/show", json={"model": "coder"}).json()
    assert card["capabilities"] == ["completion", "insert"]
    body = {"model": "coder", "prompt": "ab", "suffix": "cd"}
    answer = _one(engine, "/api/generate", body)
    before, hole, after = range(264, 267)
    context = answer["context"]
    a, b, c, d = context[1], context[2], context[4], context[5]
    assert context[:7] == [before, a, b, hole, c, d, after]
    assert sorted({a, b, c, d}) == [a, b, c, d]
    assert answer["prompt_eval_count"] == 7
    assert len(answer["response"]) == 4
    assert _one(engine, "/api/generate", body | {"suffix": "ce"})["context"] != answer["context"]


def test_a_template_in_jinja_is_used_and_one_in_go_is_kept(
    engine: EngineProcess, tmp_path: Path
) -> None:
    jinja = "{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}{{ tools }}"
    go = "{{ if .System }}{{ .System }}{{ end }}{{ .Prompt }}"
    for name, template in (("jinja", jinja), ("go", go)):
        engine.ask("/api/create", {"model": name, "from": "tiny", "template": template})
    cards = {name: engine.http.post("/api/show", json={"model": name}).json()
             for name in ("jinja", "go")}  # fmt: skip
    assert cards["jinja"]["template"] == jinja
    assert "tools" in cards["jinja"]["capabilities"]
    assert cards["go"]["template"] == go
    assert "the chat template inside its GGUF file, not with this" in cards["go"]["modelfile"]
    shown = [
        _one(engine, "/api/chat", {"model": name, "messages": _HELLO, "_debug_render_only": True})
        for name in ("jinja", "go", "tiny")
    ]
    texts = [each["_debug_info"]["rendered_template"] for each in shown]
    assert texts[0] == "<user>Hello"
    assert texts[1] == texts[2]


def test_an_adapter_changes_what_a_model_says(engine: EngineProcess, tmp_path: Path) -> None:
    content = tiny_gguf.write_adapter(tmp_path / "lora.gguf").read_bytes()
    digest = "sha256:" + hashlib.sha256(content).hexdigest()
    engine.http.post(f"/api/blobs/{digest}", content=content)
    body = {"model": "adapted", "from": "tiny", "adapters": {"lora.gguf": digest}}
    assert engine.ask("/api/create", body)[-1] == {"status": "success"}
    asked = {"prompt": "Hello", "options": {"temperature": 0, "num_predict": 20}}
    said = {_one(engine, "/api/generate", asked | {"model": name})["response"]
            for name in ("tiny", "adapted")}  # fmt: skip
    assert len(said) == 2
    card = engine.http.post("/api/show", json={"model": "adapted"}).json()
    assert f"\nADAPTER {engine.blobs}/{digest.replace(':', '-')}\n" in card["modelfile"]
    alone = engine.ask("/api/create", {"model": "alone", "files": {"lora.gguf": digest}})
    assert "needs a model" in alone[-1]["error"]
    wrong = {"model": "wrong", "from": "tiny", "adapters": {"x": _digest_of(engine, "tiny")}}
    assert "no LoRA" in engine.ask("/api/create", wrong)[-1]["error"]


@pytest.fixture
def seeing(engine: EngineProcess, tmp_path: Path) -> str:
    """The name of a model that sees."""
    files = {}
    for path in (
        tiny_gguf.write(tmp_path / "tiny.gguf"), tiny_gguf.write_projector(tmp_path / "mm.gguf")
    ):  # fmt: skip
        content = path.read_bytes()
        files[path.name] = "sha256:" + hashlib.sha256(content).hexdigest()
        engine.http.post(f"/api/blobs/{files[path.name]}", content=content)
    engine.ask("/api/create", {"model": "seeing", "files": files})
    return "seeing"


def test_an_image_is_seen_in_chats_and_prompts(engine: EngineProcess, seeing: str) -> None:
    image = recordings.load("chat_images_error").asked["messages"][0]["images"][0]
    card = engine.http.post("/api/show", json={"model": seeing}).json()
    assert card["capabilities"] == ["completion", "vision"]
    assert card["projector_info"]["clip.vision.image_size"] == 28
    body = {"model": seeing, "prompt": "What?", "options": _BRIEF | {"num_ctx": 512}}
    said = {"role": "user", "content": "What?"}
    for path, key in (("/api/chat", "message"), ("/api/generate", "response")):
        blind = _one(engine, path, body | {"messages": [said]})
        seen = body | {"messages": [said | {"images": [image]}], "images": [image]}
        answer = _one(engine, path, seen)
        assert answer["prompt_eval_count"] == blind["prompt_eval_count"] + 4
        assert answer[key] != blind[key]
        shown = _one(engine, path, seen | {"_debug_render_only": True})["_debug_info"]
        assert shown["image_count"] == 1
        assert "user\n[img-0]What?<|im_end|>" in shown["rendered_template"]
    assert engine.http.get("/api/ps").json()["models"][0]["context_length"] == 2048
    long = said | {"content": "x" * 3000, "images": [image]}
    assert _one(engine, "/api/chat", body | {"messages": [long]})["eval_count"] == 4
    part = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{image}"}}
    asked = {"model": seeing, "messages": [said | {"content": [part]}], "max_tokens": 3}
    whole = engine.http.post("/v1/chat/completions", json=asked).json()
    assert whole["usage"]["completion_tokens"] == 3
    part["image_url"] = {"url": "http://127.0.0.1:9/x.png"}
    assert "data: addresses only" in engine.http.post("/v1/chat/completions", json=asked).text


def _digest_of(engine: EngineProcess, model: str) -> str:
    card = engine.http.post("/api/show", json={"model": model}).json()
    blob = str(card["modelfile"]).partition("\nFROM ")[2].partition("\n")[0]
    return "sha256:" + blob.rpartition("-")[2]


def test_a_message_longer_than_the_window_loses_its_middle(engine: EngineProcess) -> None:
    text = "begin " + "x" * 3000 + " end"
    body = {
        "model": "tiny",
        "messages": [{"role": "system", "content": "Be kind."}, {"role": "user", "content": text}],
        "options": _BRIEF | {"num_ctx": 512},
    }
    shown = _one(engine, "/api/chat", body | {"_debug_render_only": True})["_debug_info"]
    assert "Be kind." in shown["rendered_template"]
    assert "user\nbegin xxx" in shown["rendered_template"]
    assert "xxx end<|im_end|>" in shown["rendered_template"]
    answer = _one(engine, "/api/chat", body)
    assert 240 < answer["prompt_eval_count"] <= 256
    assert answer["eval_count"] == 4
    refused = _one(engine, "/api/chat", body | {"shift": False})
    assert "exceeds the available context size (512 tokens)" in refused["error"]


@pytest.mark.parametrize("path", ["/api/chat", "/api/generate"])
def test_probabilities_come_with_as_many_others_as_asked_for(
    engine: EngineProcess, path: str
) -> None:
    body = {"model": "tiny", "messages": _HELLO, "prompt": "Hello", "logprobs": True}
    for count in (0, 3):
        told = _one(engine, path, body | {"top_logprobs": count})["logprobs"]
        assert len(told) == 4
        assert all(len(token.get("top_logprobs", [])) == count for token in told)
    refused = _one(engine, path, body | {"top_logprobs": 21})
    assert "top_logprobs must be between 0 and 20" in refused["error"]


def test_json_is_not_taken_for_thinking(engine: EngineProcess) -> None:
    body = {"model": "tiny-think", "prompt": "Hello", "messages": _HELLO, "format": "json",
            "options": _BRIEF | {"num_predict": 20}}  # fmt: skip
    answer = _one(engine, "/api/generate", body)
    assert answer["response"].startswith("{")
    assert "thinking" not in answer


def test_show_tells_long_lists_only_when_asked_to(engine: EngineProcess) -> None:
    for verbose, tokens in ((False, type(None)), (True, list)):
        asked = {"model": "tiny", "verbose": verbose}
        card = engine.http.post("/api/show", json=asked).json()
        assert isinstance(card["model_info"]["tokenizer.ggml.tokens"], tokens)
        first = {"name": "token_embd.weight", "type": "F32", "shape": [64, 264]}
        assert card["tensors"][0] == first


@pytest.mark.parametrize(
    ("path", "model", "status", "said"),
    [
        ("/api/me", "", 503, "account unavailable"),
        ("/api/signout", "", 503, "account unavailable"),
        ("/api/experimental/web_search", "", 403, "cloud is disabled: web search is unavailable"),
        ("/api/experimental/model-recommendations", "", 404, "404 page not found"),
        ("/api/chat", "big:cloud", 403, "cloud is disabled: remote inference is unavailable"),
        ("/api/generate", "big:70b-cloud", 403, "cloud is disabled"),
        ("/api/chat", "tiny:cloud:local", 400, "use either :local or :cloud, not both"),
        ("/v1/images/generations", "", 400, "image generation models are not currently supported"),
    ],
)
def test_what_needs_an_account_or_a_cloud_is_refused_as_by_ollama(
    engine: EngineProcess, path: str, model: str, status: int, said: str
) -> None:
    response = engine.http.post(path, json={"model": model})
    assert response.status_code == status
    assert said in str(response.json()["error"])


def test_a_model_that_has_to_be_here_is(engine: EngineProcess) -> None:
    body = {"model": "tiny:local", "prompt": "Hello"}
    assert _one(engine, "/api/generate", body)["eval_count"] == 4


@pytest.mark.parametrize("call", ["x", {"function": "x"}, {"function": {"name": 5}}, {"id": 5}])
def test_a_tools_call_that_is_none_is_the_clients_mistake(
    engine: EngineProcess, call: object
) -> None:
    said = {"role": "assistant", "content": "", "tool_calls": [call]}
    body = {"model": "tiny", "messages": [*_HELLO, said]}
    assert engine.http.post("/api/chat", json=body).status_code == 400


@pytest.mark.parametrize("path", ["/api/show", "/v1/chat/completions"])
@pytest.mark.parametrize("body", [b'{"model": "\xff"}', b'{"model": ' + b"[" * 100_000])
def test_a_body_that_cannot_be_read_is_the_clients_mistake(
    engine: EngineProcess, path: str, body: bytes
) -> None:
    assert engine.http.post(path, content=body).status_code == 400


def test_a_request_whose_head_does_not_end_is_refused(engine: EngineProcess) -> None:
    where = urlsplit(engine.url)
    with socket.create_connection((where.hostname, where.port), PATIENCE) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nx: ".ljust((64 << 10) + 1, b"y"))
        assert client.recv(1000).startswith(b"HTTP/1.1 400 ")
    assert engine.http.get("/").text == "Ollama is running"


def test_long_heads_and_bodies_of_one_connection_are_not_added_up(engine: EngineProcess) -> None:
    for _request in range(10):
        response = engine.http.post("/api/show", json={"model": "none", "x": "y" * 20_000},
                                    headers={"x": "y" * 20_000})  # fmt: skip
        assert response.status_code == 404
