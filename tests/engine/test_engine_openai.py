"""What clients of OpenAI's API ask of the engine."""

import base64
import json
import struct
from pathlib import Path
from typing import Any

import pytest

import tiny_gguf
from engine_process import EngineProcess

_HELLO = [{"role": "user", "content": "Hello"}]
_ELSEWHERE = "http://127.0.0.1:9/x.png"
_IMAGE = {"type": "image", "source": {"type": "url", "url": _ELSEWHERE}}


def _asking(part: dict[str, Any]) -> dict[str, Any]:
    return {"role": "user", "content": [part]}


def _events(content: bytes) -> list[dict[str, Any]]:
    frames = content.split(b"\n\n")
    assert frames[-2:] == [b"data: [DONE]", b""]
    return [json.loads(frame.removeprefix(b"data: ")) for frame in frames[:-2]]


def test_models_are_listed_and_found_by_name(engine: EngineProcess) -> None:
    listed = engine.http.get("/v1/models").json()
    assert {model["id"] for model in listed["data"]} >= {"tiny:latest"}
    assert engine.http.get("/v1/models/tiny:latest").json()["object"] == "model"
    missing = engine.http.get("/v1/models/x/y:z")
    assert missing.status_code == 404
    assert missing.json()["error"]["message"] == "model 'x/y:z' not found"


def test_a_chat_streams_with_its_usage_at_the_end(engine: EngineProcess) -> None:
    body = {
        "model": "tiny",
        "messages": _HELLO,
        "stream": True,
        "stream_options": {"include_usage": True},
        "max_tokens": 5,
        "temperature": 0,
    }
    response = engine.http.post("/v1/chat/completions", json=body)
    assert response.headers["content-type"] == "text/event-stream"
    events = _events(response.content)
    assert events[0]["choices"][0]["delta"]["role"] == "assistant"
    assert all("delta" in choice for event in events for choice in event["choices"])
    reasons = [choice["finish_reason"] for event in events for choice in event["choices"]]
    assert reasons[-1] == "length"
    assert {event["model"] for event in events} == {"tiny"}
    assert events[-1]["choices"] == []
    assert events[-1]["usage"]["completion_tokens"] == 5
    whole = engine.http.post("/v1/chat/completions", json=body | {"stream": False}).json()
    said = "".join(
        choice["delta"].get("content") or "" for event in events for choice in event["choices"]
    )
    assert whole["choices"][0]["message"]["content"] == said


def test_texts_are_completed_and_embedded(engine: EngineProcess) -> None:
    body = {"model": "tiny", "prompt": "Hello", "max_tokens": 3, "temperature": 0}
    assert len(engine.http.post("/v1/completions", json=body).json()["choices"][0]["text"]) == 3
    body = {"model": "tiny-embed", "input": ["Hello"], "encoding_format": "base64"}
    found = engine.http.post("/v1/embeddings", json=body).json()["data"][0]["embedding"]
    assert len(struct.unpack("<64f", base64.b64decode(found))) == 64


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("chat/completions", {"model": "nope", "messages": _HELLO}, 404),
        ("chat/completions", {"messages": _HELLO}, 400),
        ("chat/completions", {"model": "tiny", "messages": _HELLO, "tools": [{}]}, 400),
        ("chat/completions", {"model": "tiny-embed", "messages": _HELLO}, 400),
        ("embeddings", {"model": "tiny", "input": "x"}, 400),
        ("responses", {"model": "tiny"}, 400),
        ("audio/transcriptions", {"model": "tiny"}, 501),
        ("images/generations", {"model": "tiny"}, 400),
    ],
)
def test_refusals_have_openais_form(
    engine: EngineProcess, path: str, body: dict[str, Any], status: int
) -> None:
    response = engine.http.post(f"/v1/{path}", json=body)
    assert response.status_code == status
    assert response.json()["error"]["message"]


@pytest.mark.parametrize(
    "messages",
    [
        5,
        ["Hello"],
        [{"content": "x" * 9000}],
        [{"role": "user", "content": ["x" * 9000]}],
        [{"role": "user", "content": [{"type": "text", "text": 5}, {"text": "x" * 9000}]}],
    ],
)
def test_messages_that_are_none_are_the_clients_mistake(
    engine: EngineProcess, messages: object
) -> None:
    body = {"model": "tiny", "messages": messages, "max_tokens": 1}
    response = engine.http.post("/v1/chat/completions", json=body)
    assert response.status_code == 400
    assert response.json()["error"]["message"].startswith("invalid messages: Expected ") or (
        "missing required field `role`" in response.text
    )


def test_a_model_that_dies_ends_its_stream_with_an_error(engine: EngineProcess) -> None:
    body = {"model": "tiny", "messages": _HELLO, "stream": True, "max_tokens": 100_000}
    with engine.http.stream("POST", "/v1/chat/completions", json=body) as response:
        chunks = response.iter_raw()
        next(chunks)
        engine.models[0].kill()
        last = b"".join(chunks).split(b"\n\n")[-2]
    assert "unexpected EOF" in json.loads(last.removeprefix(b"data: "))["error"]["message"]


_TOOL = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "The weather in a city.",
        "parameters": {
            "type": "object",
            "properties": {"warm": {"type": "boolean"}},
            "required": ["warm"],
        },
    },
}


def test_a_tool_is_called_where_that_is_required(engine: EngineProcess, tmp_path: Path) -> None:
    path = tiny_gguf.write(tmp_path / "tools.gguf", template=tiny_gguf.TOOLS_TEMPLATE)
    engine.create("tools", path)
    # The call is begun for a model that finds no beginning by itself.
    begun = {"role": "assistant", "content": '<tool_call>\n{"name": "weather", "arguments": '}
    body = {
        "model": "tools",
        "messages": [*_HELLO, begun],
        "tools": [_TOOL],
        "tool_choice": "required",
        "temperature": 0,
        "max_tokens": 200,
    }
    whole = engine.http.post("/v1/chat/completions", json=body).json()
    (choice,) = whole["choices"]
    (call,) = choice["message"]["tool_calls"]
    assert call["function"]["name"] == "weather"
    assert isinstance(json.loads(call["function"]["arguments"])["warm"], bool)
    assert whole["system_fingerprint"] == "fp_ollama"
    assert "timings" not in whole


def test_tools_without_a_question_fail_nothing_however_long(
    engine: EngineProcess, tmp_path: Path
) -> None:
    path = tiny_gguf.write(tmp_path / "tools.gguf", template=tiny_gguf.TOOLS_TEMPLATE)
    engine.create("tools", path)
    long = {**_TOOL, "function": {"name": "weather", "description": "x" * 9000}}
    body = {"model": "tools", "messages": [], "tools": [long], "max_tokens": 1}
    response = engine.http.post("/v1/chat/completions", json=body)
    assert response.status_code == 400
    assert "exceeds the available context size" in response.json()["error"]["message"]


def test_thinking_is_called_reasoning_and_can_be_switched_off(engine: EngineProcess) -> None:
    body = {"model": "tiny-think", "messages": _HELLO, "max_tokens": 4, "temperature": 0}
    thought = engine.http.post("/v1/chat/completions", json=body).json()["choices"][0]["message"]
    assert len(thought["reasoning"]) == 4
    body |= {"reasoning_effort": "none"}
    said = engine.http.post("/v1/chat/completions", json=body).json()["choices"][0]["message"]
    assert len(said["content"]) == 4
    assert not said.get("reasoning")


@pytest.mark.parametrize(
    ("path", "body", "first", "last"),
    [
        ("responses", {"input": "Hi", "max_output_tokens": 5}, "response.created", "completed"),
        ("messages", {"messages": _HELLO, "max_tokens": 5}, "message_start", "message_stop"),
    ],
)
def test_other_apis_are_spoken_too(
    engine: EngineProcess, path: str, body: dict[str, Any], first: str, last: str
) -> None:
    body |= {"model": "tiny", "temperature": 0}
    whole = engine.http.post(f"/v1/{path}", json=body).json()
    assert whole["model"] == "tiny"
    assert whole["usage"]["output_tokens"] == 5
    frames = engine.http.post(f"/v1/{path}", json=body | {"stream": True}).text.split("\n\n")[:-1]
    named = [frame.split("\n") for frame in frames]
    events = [(name.removeprefix("event: "), json.loads(data[6:])) for name, data in named]
    assert all(name == event["type"] for name, event in events)
    assert events[0][0] == first
    assert events[-1][0].endswith(last)
    assert "gguf" not in "".join(frames)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("chat/completions", {"messages": [_asking({"image_url": {"url": _ELSEWHERE}})]}),
        ("chat/completions", {"messages": [_asking({"image_url": _ELSEWHERE})]}),
        ("chat/completions", {"messages": [_asking({"video_url": {"url": _ELSEWHERE}})]}),
        ("chat/completions", {"messages": [_asking({"input_video": {"url": _ELSEWHERE}})]}),
        ("chat/completions", {"messages": [_asking({"input_audio": {"data": _ELSEWHERE}})]}),
        ("responses", {"input": [_asking({"type": "input_image", "image_url": _ELSEWHERE})]}),
        ("messages", {"messages": [_asking(_IMAGE)]}),
        ("messages/count_tokens", {"messages": [_asking(_IMAGE)]}),
        ("messages", {"messages": [_asking({"type": "tool_result", "content": [_IMAGE]})]}),
        ("messages", {"messages": _HELLO, "system": [_IMAGE]}),
    ],
)
def test_nothing_is_fetched_from_an_address(
    engine: EngineProcess, tmp_path: Path, path: str, body: dict[str, Any]
) -> None:
    weights = tiny_gguf.write(tmp_path / "tiny.gguf")
    sight = engine.brought(tiny_gguf.write_projector(tmp_path / "sight.gguf"))
    files = {"weights": engine.brought(weights), "sight": sight}
    engine.ask("/api/create", {"model": "seeing", "files": files})
    response = engine.http.post(f"/v1/{path}", json=body | {"model": "seeing", "max_tokens": 1})
    assert response.status_code == 400
    assert "data: addresses only" in response.json()["error"]["message"]


def test_what_a_tool_was_called_with_is_no_image(engine: EngineProcess) -> None:
    call = {"type": "tool_use", "id": "1", "name": "look", "input": {"image_url": _ELSEWHERE}}
    talk = [*_HELLO, {"role": "assistant", "content": [call]}, *_HELLO]
    body = {"model": "tiny", "messages": talk, "max_tokens": 1}
    assert engine.http.post("/v1/messages", json=body).status_code == 200


def test_a_gap_is_filled_in_and_a_vector_is_cut(engine: EngineProcess, tmp_path: Path) -> None:
    shape = tiny_gguf.Shape(specials=("<fim_prefix>", "<fim_suffix>", "<fim_middle>"))
    engine.create("coder", tiny_gguf.write(tmp_path / "coder.gguf", shape=shape))
    body = {"model": "coder", "prompt": "ab", "suffix": "cd", "max_tokens": 3}
    answer = engine.http.post("/v1/completions", json=body).json()
    assert answer["usage"]["prompt_tokens"] == 7
    refused = engine.http.post("/v1/completions", json=body | {"model": "tiny"})
    assert refused.status_code == 400
    assert "does not support insert" in refused.json()["error"]["message"]
    body = {"model": "tiny-embed", "input": "Hello", "dimensions": 8}
    (found,) = engine.http.post("/v1/embeddings", json=body).json()["data"]
    assert sum(value**2 for value in found["embedding"]) == pytest.approx(1, abs=1e-3)
    assert len(found["embedding"]) == 8
