"""What a real Ollama answered, the engine answers too: statuses, keys, types and errors."""

import json
from typing import Any

import httpx
import pytest

import recordings
from engine_process import EngineProcess

_SAME_ERRORS = [
    "chat_404",
    "chat_format_bad",
    "chat_no_model",
    "chat_option_wrong_type",
    "chat_think_bad_value",
    "chat_think_error",
    "chat_think_high_error",
    "chat_tools_error",
    "chat_with_embedding_model",
    "copy_404",
    "copy_bad_destination",
    "copy_empty",
    "create_bad_name",
    "create_no_from",
    "create_no_model",
    "create_old_modelfile",
    "delete_bad_name",
    "delete_no_model",
    "embed_404",
    "embed_bad_input",
    "embed_one",
    "embed_two",
    "embeddings_404",
    "embeddings_legacy",
    "err_bad_json",
    "err_json_array",
    "err_no_body",
    "err_wrong_type",
    "generate_404",
    "generate_no_model",
    "generate_raw_with_system_error",
    "generate_suffix_error",
    "generate_think_error",
    "generate_with_embedding_model",
    "keep_alive_invalid",
    "load_generate_embedding_model",
    "pull_bad_name",
    "push_no_model",
    "show_404",
    "show_bad_name",
    "show_no_model",
    "unload_404",
]
_SAME_STATUS = [
    "blob_get_head_404_body",
    "blob_head_404",
    "blob_post_bad_digest",
    "cors_ok",
    "cors_preflight",
    "err_bad_json2",
    "err_host_header",
    "err_no_such_path",
    "err_origin",
    "err_wrong_method_get_generate",
    "err_wrong_method_get_show",
    "err_wrong_method_post_delete",
    "err_wrong_method_post_tags",
    "root",
    "root_head",
    "tags_head",
    "version_head",
    "chat_images_error",
    "chat_too_long_truncate_false",
    "generate_images_error",
    "generate_too_long_truncate_false",
    "embed_ok_too_long_truncate_false",
    "create_quantize_of_quantized",
]
_SAME_SHAPE = [
    "chat_nostream",
    "chat_short",
    "chat_stop",
    "chat_option_unknown",
    "chat_option_negative_ctx",
    "chat_empty_content",
    "chat_bad_role",
    "chat_think_false",
    "create_again",
    "create_nostream",
    "embed_empty_list",
    "embed_empty_string",
    "embed_no_input",
    "embed_ok_cold",
    "embed_ok_dimensions",
    "embed_ok_two",
    "embeddings_legacy_ok",
    "generate_logprobs",
    "generate_nostream_warm",
    "generate_raw",
    "generate_stream",
    "keep_alive_string_0",
    "load_chat_keep_alive_10m",
    "load_embed",
    "load_generate_cold",
    "load_keep_alive_forever",
    "show_case",
    "show_name_field",
    "status",
    "unload_generate",
    "unload_not_loaded",
]
_ALIASES = {
    "smollm2:135m": "tiny",
    "SmolLM2:135M": "TINY",
    "smollm2-embed:135m": "tiny-embed",
    "pirate": "tiny-copy",
}
_OPTIONAL = {"license", "system", "parameters", "logprobs", "messages"}


def _replayed(engine: EngineProcess, recording: recordings.Recording) -> httpx.Response:
    headers = _asked_headers(recording.name)
    body: dict[str, Any] = {}
    if isinstance(recording.asked, str):
        body["content"] = recording.asked.encode()
    elif recording.asked is not None:
        body["json"] = _renamed(recording.asked)
    return engine.http.request(recording.method, recording.path, headers=headers, **body)


def _asked_headers(name: str) -> dict[str, str]:
    meta = json.loads((recordings.FOLDER / f"{name}.meta.json").read_text("utf-8"))
    headers: dict[str, str] = meta["request"]["headers"]
    return headers


def _renamed(asked: object) -> object:
    if not isinstance(asked, dict):
        return asked
    fields = ("model", "name", "source", "from")
    short = {"num_predict": 4} if "options" in asked else {}
    renamed = {key: _ALIASES.get(value, value) if key in fields else value
               for key, value in asked.items()}  # fmt: skip
    return renamed | ({"options": asked["options"] | short} if short else {})


def _told(recording: recordings.Recording) -> str:
    """The recorded error with the engine's names."""
    text = recording.error
    for theirs, ours in _ALIASES.items():
        full = text.replace(f"library/{theirs}", f"library/{ours}:latest")
        text = full.replace(theirs, ours)
    return text


def _shape(value: object) -> object:
    """An answer with its values replaced by their types."""
    if isinstance(value, dict):
        return {key: _shape(each) for key, each in value.items() if key not in _OPTIONAL}
    if isinstance(value, list):
        return [_shape(value[0])] if value else []
    return type(value).__name__


@pytest.mark.parametrize("name", _SAME_ERRORS)
def test_errors_have_ollamas_status_and_words(engine: EngineProcess, name: str) -> None:
    recording = recordings.load(name)
    response = _replayed(engine, recording)
    assert (response.status_code, response.json()) == (
        recording.status,
        {"error": _told(recording)},
    )
    assert response.headers["content-type"].startswith("application/json")


@pytest.mark.parametrize("name", _SAME_STATUS)
def test_the_status_is_ollamas_and_errors_are_json(engine: EngineProcess, name: str) -> None:
    recording = recordings.load(name)
    response = _replayed(engine, recording)
    expected = 400 if "quantize" in recording.field else recording.status
    assert response.status_code == expected
    silent = expected == 403 or recording.method == "HEAD"
    if expected >= 400 and not silent:
        assert response.json()["error"]


@pytest.mark.parametrize("name", _SAME_SHAPE)
def test_answers_have_ollamas_keys_and_types(engine: EngineProcess, name: str) -> None:
    recording = recordings.load(name)
    response = _replayed(engine, recording)
    assert response.status_code == recording.status
    kind = dict(recording.headers)["Content-Type"].partition(";")[0]
    assert response.headers["content-type"].partition(";")[0] == kind
    lines = [json.loads(line) for line in response.content.split(b"\n") if line]
    theirs = [_without_model_facts(line) for line in recording.lines]
    ours = [_without_model_facts(line) for line in lines]
    assert ours[-1] == theirs[-1]
    assert ours[0] == theirs[0]


def _without_model_facts(line: dict[str, Any]) -> object:
    return _shape({key: value for key, value in line.items() if key != "model_info"})


@pytest.mark.parametrize("name", ["tags_one", "ps_loaded"])
def test_lists_have_ollamas_keys_and_types(engine: EngineProcess, name: str) -> None:
    engine.ask("/api/generate", {"model": "tiny"})
    recording = recordings.load(name)
    response = _replayed(engine, recording)
    assert _shape(response.json()) == _shape(recording.lines[0])


def test_a_preflight_is_answered_for_pages_of_this_machine_only(engine: EngineProcess) -> None:
    recording = recordings.load("cors_preflight")
    answer = _replayed(engine, recording)
    assert answer.headers["access-control-allow-origin"] == "http://localhost:3000"
    foreign = {"origin": "http://evil.example", "access-control-request-method": "POST"}
    assert engine.http.options("/api/chat", headers=foreign).status_code == 403


def test_copying_and_deleting_answer_with_nothing(engine: EngineProcess) -> None:
    for name in ("copy_ok", "copy_over", "delete_ok", "delete_404"):
        recording = recordings.load(name)
        response = _replayed(engine, recording)
        assert response.status_code == recording.status
        if name != "delete_404":
            assert response.content == b""
