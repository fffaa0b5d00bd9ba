"""The official client, unmodified, does everything with the engine that it does with Ollama."""

from collections.abc import Iterator
from pathlib import Path

import ollama
import pytest

import registry
from engine_process import EngineProcess
from registry import Registry

_BRIEF = {"num_predict": 8, "temperature": 0.0}


@pytest.fixture
def client(engine: EngineProcess) -> Iterator[ollama.Client]:
    client = ollama.Client(engine.url)
    yield client
    client._client.close()


@pytest.fixture
def source(tiny: Path) -> Iterator[Registry]:
    with Registry() as running:
        running.add_gguf("library/tiny:1b", tiny)
        yield running


def test_it_lists_and_shows(client: ollama.Client) -> None:
    listed = client.list().models
    names = {model.model for model in listed}
    assert names == {"tiny:latest", "tiny-think:latest", "tiny-embed:latest"}
    assert all(model.modified_at and model.digest and len(model.digest) == 64 for model in listed)
    shown = client.show("tiny")
    assert shown.modelinfo
    assert shown.modelinfo["llama.context_length"] == 4096
    assert shown.capabilities == ["completion"]
    assert shown.template


def test_it_chats_in_a_stream(client: ollama.Client) -> None:
    question = [{"role": "user", "content": "Hi"}]
    pieces = list(client.chat("tiny", question, stream=True, options=_BRIEF))
    whole = client.chat("tiny", question, options=_BRIEF)
    assert "".join(piece.message.content or "" for piece in pieces) == whole.message.content
    assert pieces[-1].done_reason == "length"
    assert pieces[-1].eval_count == 8
    assert len(whole.message.content or "") == 8


def test_it_generates_and_carries_the_context_on(client: ollama.Client) -> None:
    first = client.generate("tiny", "Hi", options=_BRIEF)
    assert first.context
    assert first.prompt_eval_count
    then = client.generate("tiny", "And?", context=first.context, options=_BRIEF)
    assert then.context
    assert then.prompt_eval_count
    assert list(then.context)[: len(first.context)] == list(first.context)
    assert then.prompt_eval_count > len(first.context)


async def test_four_clients_at_once_are_all_answered(engine: EngineProcess) -> None:
    import asyncio

    client = ollama.AsyncClient(engine.url)
    asked = (client.generate("tiny", f"Hi {number}", options=_BRIEF) for number in range(4))
    answers = await asyncio.gather(*asked)
    assert all(answer.eval_count == 8 for answer in answers)
    await client._client.aclose()


def test_it_asks_for_json(client: ollama.Client) -> None:
    answer = client.generate("tiny", "Fruit", format="json", options={"num_predict": 20})
    assert (answer.response or "").lstrip().startswith("{")


def test_it_loads_and_unloads(client: ollama.Client) -> None:
    assert client.generate("tiny", keep_alive="10m").done_reason == "load"
    (running,) = client.ps().models
    assert (running.model, running.context_length) == ("tiny:latest", 4096)
    assert client.generate("tiny", keep_alive=0).done_reason == "unload"
    assert not client.ps().models


def test_it_embeds(client: ollama.Client) -> None:
    answer = client.embed("tiny-embed", ["dog", "cat"])
    assert [len(vector) for vector in answer.embeddings] == [64, 64]
    assert sum(value**2 for value in answer.embeddings[0]) == pytest.approx(1, abs=1e-3)
    assert len(client.embeddings("tiny-embed", "dog").embedding) == 64


def test_it_copies_and_deletes(client: ollama.Client) -> None:
    client.copy("tiny", "tiny-copy")
    assert client.show("tiny-copy").details
    client.delete("tiny-copy")
    with pytest.raises(ollama.ResponseError, match="model 'tiny-copy:latest' not found"):
        client.show("tiny-copy:latest")


def test_it_creates_from_a_file_and_from_a_model(client: ollama.Client, tiny: Path) -> None:
    digest = client.create_blob(tiny)
    client.create("tiny-mine", files={tiny.name: digest}, license=["Mine", "Yours"])
    client.create(
        "tiny-child",
        from_="tiny-mine",
        system="Be a pirate.",
        parameters={"temperature": 0.5, "stop": ["a", "b"]},
        messages=[ollama.Message(role="user", content="Ahoy")],
    )
    shown = client.show("tiny-child")
    assert shown.details
    assert shown.details.parent_model == "tiny-mine:latest"
    assert shown.license == "Mine\nYours"
    assert shown.parameters
    assert shown.parameters.splitlines()[0] == 'stop                           "a"'
    assert 'SYSTEM """Be a pirate."""' in (shown.modelfile or "")
    client.delete("tiny-mine")
    assert client.chat("tiny-child", [{"role": "user", "content": "Hi"}], options=_BRIEF).message


def test_it_pulls_and_deletes(client: ollama.Client, source: Registry) -> None:
    name = f"{source.host}/library/tiny:1b"
    statuses = [line.status for line in client.pull(name, insecure=True, stream=True)]
    assert statuses[0] == "pulling manifest"
    assert statuses[-3:] == ["verifying sha256 digest", "writing manifest", "success"]
    assert name in {model.model for model in client.list().models}
    assert client.chat(name, [{"role": "user", "content": "Hi"}], options=_BRIEF).done
    client.delete(name)
    assert name not in {model.model for model in client.list().models}


def test_it_pushes(client: ollama.Client, source: Registry) -> None:
    name = f"{source.host}/me/mine:v1"
    client.copy("tiny", name)
    statuses = [line.status for line in client.push(name, insecure=True, stream=True)]
    assert (statuses[0], statuses[-1]) == ("retrieving manifest", "success")
    assert client.push(name, insecure=True).status == "success"
    assert "me/mine:v1" in source.manifests


def test_it_thinks_tells_probabilities_and_fills_a_schema(client: ollama.Client) -> None:
    question = [{"role": "user", "content": "Hi"}]
    thought = client.chat("tiny-think", question, think=True, options=_BRIEF)
    assert len(thought.message.thinking or "") == 8
    told = client.chat("tiny", question, logprobs=True, top_logprobs=2, options=_BRIEF)
    assert told.logprobs
    assert [len(each.top_logprobs or []) for each in told.logprobs] == [2] * 8
    schema = {"type": "string", "enum": ["yes", "no"]}
    said = client.chat("tiny", question, format=schema, options=_BRIEF).message.content
    assert said in ('"yes"', '"no"')
    raw = client.generate("tiny", "Hi", raw=True, options=_BRIEF)
    assert raw.context is None
    assert raw.prompt_eval_count == 2


def _weather(city: str) -> str:
    """Tell the weather in a city."""
    return f"fine in {city}"


def test_what_cannot_be_done_is_its_error(client: ollama.Client) -> None:
    question = [{"role": "user", "content": "Hi"}]
    for reason, ask in (
        ("does not support thinking", lambda: client.chat("tiny", question, think=True)),
        ("does not support tools", lambda: client.chat("tiny", question, tools=[_weather])),
        ("does not support insert", lambda: client.generate("tiny", "a", suffix="b")),
        ("not support multimodal", lambda: client.generate("tiny", "a", images=[b"x"])),
        ("does not support chat", lambda: client.chat("tiny-embed", question)),
    ):
        with pytest.raises(ollama.ResponseError, match=reason) as refusal:
            ask()
        assert refusal.value.status_code == 400


async def test_its_other_half_streams_too(engine: EngineProcess) -> None:
    client = ollama.AsyncClient(engine.url)
    question = [{"role": "user", "content": "Hi"}]
    said = [piece async for piece in await client.chat("tiny", question, stream=True,
                                                       options=_BRIEF)]  # fmt: skip
    assert said[-1].done
    assert "tiny:latest" in {model.model for model in (await client.ps()).models}
    await client._client.aclose()


def test_a_pull_cut_off_goes_on_by_itself(
    client: ollama.Client, engine: EngineProcess, source: Registry, tmp_path: Path
) -> None:
    content = registry.random_bytes(1_000_000)
    name = source.add("library/cut:latest", {"application/vnd.ollama.image.model": content})
    source.knobs.cut_after = 400_000
    assert client.pull(name, insecure=True).status == "success"
    assert source.seen.cut == 1
    assert [asked for asked in source.seen.ranges if asked.startswith("bytes=0-")]
    assert [asked for asked in source.seen.ranges if asked.endswith("-999999")][1:]


def test_a_pull_that_fails_says_why(client: ollama.Client, source: Registry) -> None:
    with pytest.raises(ollama.ResponseError, match="pull model manifest: file does not exist"):
        client.pull(f"{source.host}/library/nope", insecure=True)
    source.knobs.corrupt = True
    name = source.add("library/bad:1", {"application/vnd.ollama.image.model": b"x" * 1000})
    with pytest.raises(ollama.ResponseError, match="digest mismatch, file must be downloaded"):
        list(client.pull(name, insecure=True, stream=True))
