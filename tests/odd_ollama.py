"""A fake Ollama server whose answers to chats can be scripted byte by byte."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from fake_ollama import FakeOllama
from http_server import Reply, Request

Script = Callable[[Reply], Awaitable[None]]


def line(text: str, **more: object) -> bytes:
    """One line of an answer."""
    said = {"message": {"role": "assistant", "content": text}, "done": False, **more}
    return json.dumps(said).encode() + b"\n"


class OddOllama(FakeOllama):
    """Follows `script` as long as there is one."""

    script: Script | None = None

    async def on_api_chat(self, request: Request, reply: Reply) -> None:
        if self.script is None:
            await super().on_api_chat(request, reply)
        else:
            await self.script(reply)


@asynccontextmanager
async def odd_ollama(reply: str, script: Script | None = None) -> AsyncIterator[OddOllama]:
    """A server with a good answer to fall back on."""
    async with OddOllama(reply=reply) as server:
        server.script = script
        yield server
