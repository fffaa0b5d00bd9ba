"""The client against the fake server: what each endpoint does, and that streams close at once."""

import asyncio
import hashlib
from contextlib import aclosing
from pathlib import Path

import pytest

from fake_ollama import FakeOllama
from tui.api.client import Ollama
from tui.api.errors import ModelNotFound, OllamaError, ServerError
from tui.api.requests import ChatRequest, GenerateRequest
from tui.domain.hosts import HostAddress
from tui.domain.pulls import Progress
from tui.domain.replies import Delta

QUESTION = [{"role": "user", "content": "Hi"}]


def chat(**more: object) -> ChatRequest:
    return ChatRequest(model="llama3.2:3b", messages=QUESTION, **more)  # type: ignore[arg-type]  # any field


async def test_the_version_is_told(ollama: Ollama, fake: FakeOllama) -> None:
    fake.version = "0.40.1"
    assert await ollama.version() == "0.40.1"


async def test_models_are_listed_with_their_details(ollama: Ollama) -> None:
    first, *_others = await ollama.models()
    assert first.name == "llama3.2:3b"
    assert first.details.parameter_size == "3.2B"
    assert first.capabilities == ["completion", "tools"]


async def test_a_model_is_loaded_listed_and_unloaded(ollama: Ollama) -> None:
    assert await ollama.running() == []
    await ollama.load("qwen3:8b", keep_alive="10m")
    (running,) = await ollama.running()
    assert running.name == "qwen3:8b"
    assert running.stays() is not None
    await ollama.unload("qwen3:8b")
    assert await ollama.running() == []


async def test_a_model_kept_for_ever_has_no_time_left(ollama: Ollama) -> None:
    await ollama.load("qwen3:8b", keep_alive=-1)
    (running,) = await ollama.running()
    assert running.expires_at is not None
    assert running.stays() is None


async def test_an_embedding_model_is_loaded_by_the_way_it_supports(fake: FakeOllama) -> None:
    fake.add_model("nomic-embed-text:latest")
    async with Ollama(HostAddress.parse(fake.url)) as ollama:
        await ollama.load("nomic-embed-text")
        assert [model.name for model in await ollama.running()] == ["nomic-embed-text:latest"]


async def test_a_card_tells_what_a_model_is(ollama: Ollama) -> None:
    card = await ollama.show("llama3.2:3b")
    assert card.architecture == "llama3"
    assert card.number("context_length") == 131072
    assert ("temperature", "0.7") in card.parameter_rows()


async def test_a_chat_streams_the_reply_and_ends_with_the_counts(
    ollama: Ollama, fake: FakeOllama
) -> None:
    fake.reply = "Good day to you.\u2028And\u0085one\rmore line."
    deltas = [delta async for delta in ollama.chat(chat())]
    assert "".join(delta.content for delta in deltas) == fake.reply
    assert deltas[-1].done
    assert deltas[-1].stats
    assert deltas[-1].stats.eval_count == len(deltas) - 1


async def test_thinking_and_tool_calls_arrive_apart_from_the_text(
    ollama: Ollama, fake: FakeOllama
) -> None:
    fake.thinking = "Who is there?"
    fake.add_model("qwen3:8b")
    fake.tool_calls = [{"function": {"name": "look", "arguments": {"where": ""}}}]
    request = ChatRequest(model="qwen3:8b", messages=QUESTION, tools=[{"type": "function"}])
    deltas = [delta async for delta in ollama.chat(request)]
    assert "".join(delta.thinking for delta in deltas) == fake.thinking
    assert deltas[0].tool_calls == fake.tool_calls
    assert "".join(delta.content for delta in deltas) == fake.reply


async def test_only_what_was_chosen_is_sent(ollama: Ollama, fake: FakeOllama) -> None:
    async for _delta in ollama.chat(chat(think=False, keep_alive=0, options={"seed": 1})):
        pass
    assert fake.asked == [
        (
            "POST",
            "/api/chat",
            {
                "model": "llama3.2:3b",
                "messages": QUESTION,
                "think": False,
                "keep_alive": 0,
                "options": {"seed": 1},
            },
        )
    ]


async def test_a_prompt_is_gone_on_from(ollama: Ollama, fake: FakeOllama) -> None:
    fake.reply = "a time, long ago"
    request = GenerateRequest(model="llama3.2:3b", prompt="Once upon", options={"num_predict": 2})
    deltas = [delta async for delta in ollama.generate(request)]
    assert "".join(delta.content for delta in deltas) == "a time, "
    assert deltas[-1].done_reason == "length"


async def test_closing_a_chat_hangs_up_at_once(ollama: Ollama, fake: FakeOllama) -> None:
    fake.hold.clear()
    async with aclosing(ollama.chat(chat())) as deltas:
        assert isinstance(await anext(deltas), Delta)
    while not fake.hung_up:
        await asyncio.sleep(0)
    assert fake.hung_up == ["/api/chat"]


async def test_a_chat_cancelled_before_the_first_token_hangs_up(
    ollama: Ollama, fake: FakeOllama
) -> None:
    fake.load_delay = 60
    task = asyncio.create_task(anext(ollama.chat(chat())))
    while not fake.asked:
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    while not fake.hung_up:
        await asyncio.sleep(0)


async def test_many_chats_run_at_once(ollama: Ollama, fake: FakeOllama) -> None:
    fake.hold.clear()
    streams = [ollama.chat(chat()) for _ in range(12)]
    for stream in streams:
        await anext(stream)
    fake.hold.set()
    for stream in streams:
        assert [delta async for delta in stream][-1].done


async def test_what_follows_a_whole_answer_uses_its_connection(
    ollama: Ollama, fake: FakeOllama
) -> None:
    for _ in range(3):
        assert [delta async for delta in ollama.chat(chat())][-1].done
        assert await ollama.models()
    assert fake.accepted == 1


async def test_texts_become_vectors(ollama: Ollama) -> None:
    one, other = await ollama.embed("llama3.2:3b", ["a", "b"])
    assert len(one) == len(other) == 32
    assert one != other


async def test_a_pull_reports_its_layers_and_the_model_is_there(
    ollama: Ollama, fake: FakeOllama
) -> None:
    reports = [report async for report in ollama.pull("phi4:14b", insecure=True)]
    assert reports[0] == Progress(status="pulling manifest")
    assert reports[-1] == Progress(status="success")
    assert fake.asked[-1][2] == {"model": "phi4:14b", "insecure": True}
    assert "phi4:14b" in [model.name for model in await ollama.models()]


async def test_a_pull_that_was_stopped_goes_on_where_it_was(
    ollama: Ollama, fake: FakeOllama
) -> None:
    fake.pull_rate = fake.pull_size * 10
    async with aclosing(ollama.pull("phi4:14b")) as reports:
        async for report in reports:
            if report.completed > fake.pull_size / 2:
                break
    again = [report async for report in ollama.pull("phi4:14b") if report.total]
    assert again[0].completed > fake.pull_size / 2


async def test_an_unknown_model_is_told_by_name(ollama: Ollama) -> None:
    with pytest.raises(ModelNotFound, match="missing") as found:
        async for _report in ollama.pull("missing"):
            pass
    assert found.value.model == "missing"
    with pytest.raises(ModelNotFound, match="nope"):
        await ollama.show("nope")


async def test_a_push_without_a_name_of_ones_own_is_refused(ollama: Ollama) -> None:
    with pytest.raises(ServerError, match="ollama signin"):
        async for _report in ollama.push("llama3.2:3b"):
            pass


async def test_a_copy_is_pushed_and_deleted(ollama: Ollama) -> None:
    await ollama.copy("llama3.2:3b", "me/mine")
    assert [report async for report in ollama.push("me/mine")][-1].status == "success"
    await ollama.delete("me/mine")
    with pytest.raises(ModelNotFound):
        await ollama.delete("me/mine")


async def test_a_model_is_made_of_another(ollama: Ollama) -> None:
    body = {"from": "llama3.2:3b", "system": "Be brief.", "parameters": {"temperature": 0.1}}
    statuses = [report.status async for report in ollama.create("brief", body)]
    assert statuses[-1] == "success"
    card = await ollama.show("brief")
    assert card.system == "Be brief."
    assert ("temperature", "0.1") in card.parameter_rows()


async def test_a_file_is_sent_once_and_a_model_made_of_it(
    ollama: Ollama, fake: FakeOllama, tmp_path: Path
) -> None:
    weights = tmp_path / "weights.gguf"
    weights.write_bytes(b"GGUF" * 200_000)
    digest = f"sha256:{hashlib.sha256(weights.read_bytes()).hexdigest()}"
    sent: list[int] = []
    assert not await ollama.has_blob(digest)
    await ollama.upload_blob(digest, weights, sent.append)
    assert await ollama.has_blob(digest)
    assert sent == sorted(sent)
    assert sent[-1] == 800_000
    assert fake.headers[-2]["content-length"] == "800000"
    body = {"files": {"weights.gguf": digest}}
    assert [report.status async for report in ollama.create("mine", body)][-1] == "success"


async def test_a_file_that_is_not_there_is_told(ollama: Ollama, tmp_path: Path) -> None:
    with pytest.raises(OllamaError, match="No such file"):
        await ollama.upload_blob("sha256:00", tmp_path / "none", None)


async def test_a_client_works_through_a_unix_socket(tmp_path: Path) -> None:
    async with (
        FakeOllama(socket=str(tmp_path / "ollama.sock")) as fake,
        Ollama(HostAddress.parse(fake.url)) as ollama,
    ):
        assert await ollama.version() == fake.version


async def test_a_client_can_be_used_again_after_closing(ollama: Ollama) -> None:
    await ollama.version()
    await ollama.aclose()
    assert await ollama.version()
