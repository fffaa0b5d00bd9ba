"""OpenAI's client, unmodified, does with the engine what it does with OpenAI."""

from collections.abc import Iterator
from pathlib import Path

import openai
import pytest

import tiny_gguf
from engine_process import EngineProcess


@pytest.fixture
def client(engine: EngineProcess) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{engine.url}/v1", api_key="any", max_retries=0) as client:
        yield client


def test_it_lists_and_finds_models(client: openai.OpenAI) -> None:
    assert "tiny:latest" in {model.id for model in client.models.list()}
    assert client.models.retrieve("tiny:latest").owned_by == "library"
    with pytest.raises(openai.NotFoundError, match="model 'x/y:z' not found"):
        client.models.retrieve("x/y:z")


def test_it_chats_whole_and_in_a_stream(client: openai.OpenAI) -> None:
    whole = client.chat.completions.create(
        model="tiny", messages=[{"role": "user", "content": "Hi"}], max_tokens=5, temperature=0
    )
    assert whole.usage
    assert (whole.choices[0].finish_reason, whole.usage.completion_tokens) == ("length", 5)
    chunks = list(client.chat.completions.create(
        model="tiny", messages=[{"role": "user", "content": "Hi"}], max_tokens=5, temperature=0,
        stream=True, stream_options={"include_usage": True},
    ))  # fmt: skip
    said = "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices)
    assert said == whole.choices[0].message.content
    assert chunks[-1].usage
    assert chunks[-1].usage.completion_tokens == 5


def test_it_asks_for_an_answer_of_a_shape(client: openai.OpenAI) -> None:
    answer = client.chat.completions.create(
        model="tiny", messages=[{"role": "user", "content": "Hi"}], max_tokens=60, temperature=0,
        response_format={"type": "json_schema", "json_schema": {
            "name": "word", "schema": {"type": "string", "enum": ["yes", "no"]}}},
    )  # fmt: skip
    assert answer.choices[0].message.content in ('"yes"', '"no"')


def test_it_completes_and_embeds(client: openai.OpenAI) -> None:
    text = client.completions.create(model="tiny", prompt="Once", max_tokens=4, temperature=0)
    assert len(text.choices[0].text) == 4
    found = client.embeddings.create(model="tiny-embed", input=["dog", "cat"], dimensions=16)
    assert [len(each.embedding) for each in found.data] == [16, 16]


def test_it_speaks_the_newer_api(client: openai.OpenAI) -> None:
    whole = client.responses.create(model="tiny", input="Hi", max_output_tokens=5, temperature=0)
    assert len(whole.output_text) == 5
    events = list(client.responses.create(
        model="tiny", input="Hi", max_output_tokens=5, temperature=0, stream=True
    ))  # fmt: skip
    assert events[-1].type == "response.completed"
    deltas = [event.delta for event in events if event.type == "response.output_text.delta"]
    assert "".join(deltas) == whole.output_text


def test_what_cannot_be_done_is_an_error_of_its_kind(
    client: openai.OpenAI, engine: EngineProcess, tmp_path: Path
) -> None:
    with pytest.raises(openai.NotFoundError, match="model 'nope' not found"):
        client.chat.completions.create(model="nope", messages=[])
    with pytest.raises(openai.BadRequestError, match="does not support chat/completions"):
        client.chat.completions.create(model="tiny-embed", messages=[])
    broken = tiny_gguf.write(tmp_path / "broken.gguf", seed=77)
    engine.create("broken", broken)
    card = engine.http.post("/api/show", json={"model": "broken"}).json()
    blob = Path(card["modelfile"].partition("\nFROM ")[2].partition("\n")[0])
    blob.write_bytes(blob.read_bytes().replace(b"llama", b"lemma"))
    with pytest.raises(openai.InternalServerError, match="lemma"):
        client.chat.completions.create(model="broken", messages=[{"role": "user", "content": "Hi"}])
