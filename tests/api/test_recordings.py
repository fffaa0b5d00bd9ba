"""Every recorded call of a real Ollama is read as it was meant, however its bytes are cut."""

import json
import re
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

import recordings
from recordings import Recording, Replay
from tui.api.client import Ollama
from tui.api.errors import (
    Busy,
    Forbidden,
    Interrupted,
    ModelNotFound,
    NotOllama,
    OllamaError,
    ServerError,
)
from tui.api.requests import ChatRequest, GenerateRequest
from tui.domain.hosts import HostAddress
from tui.domain.models import LocalModel, ModelCard, RunningModel
from tui.domain.pulls import Progress
from tui.domain.replies import Delta, Stats

Call = Callable[[Ollama, Recording], Any]


def test_the_recordings_are_complete() -> None:
    assert len(recordings.names()) == 238
    described = {path.name.removesuffix(".meta.json") for path in recordings.FOLDER.glob("*.json")}
    assert described == set(recordings.names())


@pytest.mark.parametrize("seed", [None, 1, 2], ids=["whole", "cut", "cut otherwise"])
@pytest.mark.parametrize("name", recordings.names())
async def test_a_recorded_call_is_read_as_it_was_meant(
    name: str, seed: int | None, tmp_path: Path
) -> None:
    recording = recordings.load(name)
    heard: list[Any] = []
    async with (
        Replay(recording, seed) as replay,
        Ollama(HostAddress.parse(replay.url)) as ollama,
    ):
        expected = expected_error(recording)
        if expected is None:
            await perform(ollama, recording, tmp_path, heard)
        else:
            with pytest.raises(OllamaError) as raised:
                await perform(ollama, recording, tmp_path, heard)
            assert type(raised.value) is expected
            assert recording.error in str(raised.value)
    judge(recording, heard)


def expected_error(recording: Recording) -> type[OllamaError] | None:
    """By the status, the form of the answer, and how it ended."""
    by_status: dict[int, type[OllamaError]] = {403: Forbidden, 503: Busy}
    if recording.ended.startswith("eof"):
        return Interrupted
    if recording.status < 300 or recording.name == "blob_head_404":
        return by_words(recording) if recording.error else None
    if not recording.error:
        return by_status.get(recording.status, NotOllama)
    return by_status.get(recording.status) or by_words(recording)


def by_words(recording: Recording) -> type[OllamaError]:
    missing = recording.status == 404 or recording.error.endswith("file does not exist")
    return ModelNotFound if missing and recording.model else ServerError


# ---- asking -------------------------------------------------------------------------------------


async def perform(ollama: Ollama, recording: Recording, folder: Path, heard: list[Any]) -> None:
    """Ask as the recording did, by the call that belongs to its endpoint."""
    if recording.path.startswith("/api/blobs/") and recording.method != "GET":
        heard.append(await blob(ollama, recording, folder))
    elif stream := streams(ollama, recording):
        closed_after = len(recording.lines) if recording.ended.startswith("client") else None
        async with aclosing(stream):
            async for item in stream:
                heard.append(item)
                if len(heard) == closed_after:
                    break
    elif call := QUESTIONS.get((recording.method, recording.path)):
        heard.append(await call(ollama, recording))
    else:
        heard.append(
            await ollama._connection.ask(recording.method, recording.path, model=recording.model)
        )


async def blob(ollama: Ollama, recording: Recording, folder: Path) -> bool | None:
    digest = recording.path.removeprefix("/api/blobs/")
    if recording.method == "HEAD":
        return await ollama.has_blob(digest)
    file = folder / "blob"
    file.write_bytes(b"GGUF" * 100_000)
    await ollama.upload_blob(digest, file, None)
    return None


def streams(ollama: Ollama, recording: Recording) -> AsyncGenerator[Any, None] | None:
    asked, model = recording.field, recording.model
    match recording.method, recording.path:
        case "POST", "/api/chat":
            return ollama.chat(ChatRequest(model=model, messages=asked.get("messages", [])))
        case "POST", "/api/generate" if asked.get("prompt"):
            return ollama.generate(GenerateRequest(model=model, prompt=asked["prompt"]))
        case "POST", "/api/pull" | "/api/push" | "/api/create":
            return ollama._follow(recording.path, model, asked)
    return None


async def load_or_unload(ollama: Ollama, recording: Recording) -> None:
    if recording.field.get("keep_alive") in (0, "0"):
        await ollama.unload(recording.model)
    else:
        await ollama.load(recording.model, keep_alive=recording.field.get("keep_alive"))


QUESTIONS: dict[tuple[str, str], Call] = {
    ("GET", "/api/version"): lambda ollama, _recording: ollama.version(),
    ("GET", "/api/tags"): lambda ollama, _recording: ollama.models(),
    ("GET", "/api/ps"): lambda ollama, _recording: ollama.running(),
    ("POST", "/api/generate"): load_or_unload,
    ("POST", "/api/show"): lambda ollama, recording: ollama.show(recording.model),
    ("POST", "/api/copy"): lambda ollama, recording: ollama.copy(recording.model, "copy"),
    ("DELETE", "/api/delete"): lambda ollama, recording: ollama.delete(recording.model),
    ("POST", "/api/embed"): lambda ollama, recording: ollama.embed(recording.model, ["text"]),
}

SPOKEN = ("/api/chat", "/api/generate")

# ---- judging ------------------------------------------------------------------------------------


def judge(recording: Recording, heard: list[Any]) -> None:
    """What was heard says what the recording says."""
    good = [line for line in recording.lines if "error" not in line]
    match heard:
        case [Delta(), *_] | [Progress(), *_]:
            each(judge_delta if recording.path in SPOKEN else judge_progress, good, heard)
        case [[LocalModel() | RunningModel(), *_] as models]:
            each(judge_model, good[0]["models"], models)
        case [ModelCard() as card]:
            judge_card(good[0], card)
        case [answer]:
            judge_plain(recording, answer)
        case _:
            assert recording.error or expected_error(recording)


def each(judge_one: Callable[[Any, Any], None], lines: list[Any], items: list[Any]) -> None:
    for line, item in zip(lines, items, strict=True):
        judge_one(line, item)


def judge_delta(line: dict[str, Any], delta: Delta) -> None:
    said = line.get("message", {"content": line.get("response"), **line})
    assert delta.content == said["content"]
    assert delta.thinking == said.get("thinking", "")
    assert delta.tool_calls == said.get("tool_calls")
    assert delta.context == line.get("context")
    assert (delta.done, delta.done_reason) == (line["done"], line.get("done_reason", ""))
    counts = {name: line.get(name, 0) for name in Stats.__struct_fields__}
    assert delta.stats == (Stats(**counts) if line["done"] else None)


def judge_progress(line: dict[str, Any], progress: Progress) -> None:
    assert progress == msgspec.convert(line, Progress)
    assert progress.completed == line.get("completed", 0)


def judge_model(line: dict[str, Any], model: LocalModel | RunningModel) -> None:
    assert (model.name, model.size, model.digest) == (line["name"], line["size"], line["digest"])
    assert model.details.quantization_level == line["details"]["quantization_level"]
    if isinstance(model, RunningModel):
        assert model.size_vram == line["size_vram"]
        assert same_moment(model.expires_at, line["expires_at"])
    else:
        assert model.capabilities == line.get("capabilities")
        assert same_moment(model.modified_at, line["modified_at"])


def judge_card(line: dict[str, Any], card: ModelCard) -> None:
    told = {key: value for key, value in line["model_info"].items() if value is not None}
    assert card.model_info == told
    assert card.capabilities == line["capabilities"]
    for name in ("license", "modelfile", "parameters", "template", "system"):
        assert (getattr(card, name) or "") == line.get(name, "")
    assert same_moment(card.modified_at, line["modified_at"])


def judge_plain(recording: Recording, answer: object) -> None:
    """The answers of one value, of bytes, and of none."""
    match answer:
        case bytes():
            assert answer == (b"" if recording.method == "HEAD" else recording.body)
        case bool():
            assert answer == (recording.status == 200)
        case str():
            assert answer == recording.lines[0]["version"]
        case list():
            line = recording.lines[0]
            assert answer == line.get("models", line.get("embeddings"))
        case _:
            assert answer is None


def same_moment(moment: datetime | None, text: str) -> bool:
    """Whether a moment is the one written, to the microsecond that a datetime can hold."""
    assert moment is not None
    told = datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text))
    return abs((moment - told).total_seconds()) < 2e-6


def test_json_inside_an_error_is_unwrapped() -> None:
    wrapped = recordings.load("chat_images_error")
    assert json.loads(wrapped.body)["error"].startswith("{")
    assert wrapped.error.startswith("Multimodal data provided")
