"""Our own client of OpenAI's API does with the engine what it does with other servers."""

from contextlib import aclosing

from engine_process import EngineProcess
from tui.api.client import client_of
from tui.api.requests import ChatRequest
from tui.domain.hosts import HostAddress
from tui.domain.replies import Delta


async def heard(engine: EngineProcess, request: ChatRequest) -> list[Delta]:
    client = client_of("openai", HostAddress.parse(f"{engine.url}/v1"))
    async with client, aclosing(client.chat(request)) as deltas:
        return [delta async for delta in deltas]


async def test_it_lists_asks_and_embeds(engine: EngineProcess) -> None:
    async with client_of("openai", HostAddress.parse(f"{engine.url}/v1")) as client:
        assert (await client.version()).startswith("Ollama ")
        assert "tiny:latest" in {model.name for model in await client.models()}
        assert len(await client.embed("tiny-embed:latest", ["a", "b"])) == 2


async def test_an_answer_streams_with_its_counts(engine: EngineProcess) -> None:
    request = ChatRequest(
        model="tiny:latest",
        messages=[{"role": "user", "content": "Hi"}],
        options={"num_predict": 5, "temperature": 0},
    )
    *said, last = await heard(engine, request)
    assert "".join(delta.content for delta in said)
    assert last.done_reason == "length"
    assert last.stats is not None
    assert last.stats.eval_count == 5
