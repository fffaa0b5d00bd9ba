"""The fake server as a program, as benchmarks and terminal tests start it."""

import asyncio
import json
import signal
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import fake_ollama
from fake_ollama import FakeOllama
from tui.api.client import Ollama
from tui.api.requests import ChatRequest
from tui.domain.hosts import HostAddress

CHAT = ChatRequest(model="llama3.2:3b", messages=[{"role": "user", "content": "Hi"}])


async def test_it_runs_as_a_program_and_logs_what_it_was_asked(tmp_path: Path) -> None:
    log = tmp_path / "log"
    program = await asyncio.create_subprocess_exec(
        sys.executable, fake_ollama.__file__, "--port", "0", "--tps", "0", "--tokens", "9",
        "--marker", "END {n}", "--log", str(log), stdout=PIPE,
    )  # fmt: skip
    assert program.stdout
    url = (await program.stdout.readline()).decode().split()[-1]
    async with Ollama(HostAddress.parse(url)) as ollama:
        text = "".join([delta.content async for delta in ollama.chat(CHAT)])
    program.send_signal(signal.SIGTERM)
    assert await program.wait() == 0
    assert text.endswith("END 1")
    events = [json.loads(line)["event"] for line in log.read_text().splitlines()]
    assert events == ["request", "first_token", "last_token"]


async def test_what_clients_of_openai_ask_is_answered(fake: FakeOllama) -> None:
    fake.reply = "Good day."
    body = {"model": "llama3.2:3b", "messages": [], "stream": True}
    async with Ollama(HostAddress.parse(fake.url)) as ollama:
        raw = json.dumps(body).encode()
        answer = await ollama._connection.ask("POST", "/v1/chat/completions", raw)
        models = await ollama._connection.ask("GET", "/v1/models")
    events = [line.removeprefix(b"data: ") for line in answer.split(b"\n\n") if line]
    assert events.pop() == b"[DONE]"
    choices = [json.loads(event)["choices"][0] for event in events]
    assert "".join(choice["delta"]["content"] for choice in choices) == "Good day."
    assert [model["id"] for model in json.loads(models)["data"]] == [*fake.models]
