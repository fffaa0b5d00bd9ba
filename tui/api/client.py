"""Ollama's API: an endpoint is a path, a body and what its answer is read as."""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from tui.api.access import Access
from tui.api.answers import read, read_line
from tui.api.base import PATIENCE, Client
from tui.api.blobs import blocks, length
from tui.api.errors import Interrupted, ServerError, Unreachable
from tui.api.refusals import cut_off
from tui.api.replylines import read_delta
from tui.api.requests import ChatRequest, GenerateRequest
from tui.api.wrappings import Embeddings, Models, Rendered, Running, Version
from tui.domain.hosts import HostAddress, HostKind
from tui.domain.models import LocalModel, ModelCard, RunningModel
from tui.domain.pulls import Progress
from tui.domain.replies import Delta

T = TypeVar("T")


def preload() -> None:
    """Load httpx, which takes 0.15 s: in a thread, before the first request blocks the screen."""
    import tui.api.connection  # noqa: F401


def client_of(
    kind: HostKind,
    address: HostAddress,
    access: Access | None = None,
    *,
    connect_timeout: float | None = None,
) -> Client:
    """The client of a server that speaks this."""
    if kind == "ollama":
        return Ollama(address, access, connect_timeout=connect_timeout)
    from tui.api.openai import OpenAI

    return OpenAI(address, access, connect_timeout=connect_timeout)


class _Account(msgspec.Struct):
    name: str = ""


class Ollama(Client):
    """One Ollama server."""

    kind = "ollama"

    async def version(self) -> str:
        """The server's version, such as 0.32.15."""
        return (await self._get("/api/version", Version)).version

    async def models(self) -> list[LocalModel]:
        """The models on the server's disk."""
        return (await self._get("/api/tags", Models)).models

    async def running(self) -> list[RunningModel]:
        """The models in the server's memory."""
        return (await self._get("/api/ps", Running)).models

    async def show(self, model: str, *, verbose: bool = False) -> ModelCard:
        """What the server knows of a model; `verbose` adds its token lists, a megabyte."""
        body = {"model": model, **({"verbose": True} if verbose else {})}
        raw = await self._ask("POST", "/api/show", body, model, patience=PATIENCE)
        return read(ModelCard, raw, self._connection.where)

    def chat(self, request: ChatRequest) -> AsyncGenerator[Delta, None]:
        """Answer the last of `request.messages`, delta by delta; the last one is `done`."""
        return self._reply("/api/chat", request)

    async def rendered(self, request: ChatRequest) -> str | None:
        """The prompt that a model would be given; None from a server that does not tell.

        Such a server answers the question instead: with the one token that it is allowed.
        """
        body = msgspec.to_builtins(request)
        body["options"] = {**body.get("options", {}), "num_predict": 1}
        body |= {"stream": False, "_debug_render_only": True}
        raw = await self._ask("POST", "/api/chat", body, request.model)
        inside = read(Rendered, raw, self._connection.where, request.model).inside
        return inside.rendered_template if inside else None

    def generate(self, request: GenerateRequest) -> AsyncGenerator[Delta, None]:
        """Go on from a prompt, delta by delta; the last one is `done`."""
        return self._reply("/api/generate", request)

    async def load(self, model: str, **how: object) -> None:
        """Bring a model into memory, with `keep_alive` and `options`, as long as that takes."""
        body = {"model": model, **{key: value for key, value in how.items() if value is not None}}
        try:
            await self._ask("POST", "/api/generate", body, model)
        except ServerError as error:
            if "does not support generate" not in error.words:
                raise
            await self._ask("POST", "/api/embed", {**body, "input": ""}, model)

    async def unload(self, model: str) -> None:
        """Take a model out of memory as soon as its running answers have ended."""
        await self._ask("POST", "/api/generate", {"model": model, "keep_alive": 0}, model)

    async def embed(self, model: str, input: Sequence[str]) -> list[list[float]]:
        """One vector for each text."""
        body = {"model": model, "input": list(input)}
        raw = await self._ask("POST", "/api/embed", body, model)
        return read(Embeddings, raw, self._connection.where, model).embeddings

    def pull(self, model: str, *, insecure: bool = False) -> AsyncGenerator[Progress, None]:
        """Download a model to the server. Closing stops it; the next pull goes on from there."""
        return self._follow("/api/pull", model, {"insecure": True} if insecure else {})

    def push(self, model: str, *, insecure: bool = False) -> AsyncGenerator[Progress, None]:
        """Upload a model from the server to its registry."""
        return self._follow("/api/push", model, {"insecure": True} if insecure else {})

    def create(self, model: str, body: Mapping[str, Any]) -> AsyncGenerator[Progress, None]:
        """Make a model of `from` or `files` and whatever else `body` holds."""
        return self._follow("/api/create", model, body)

    async def has_blob(self, digest: str) -> bool:
        """Whether the server holds a file with this `sha256:...`."""
        async with self._connection.send("HEAD", f"/api/blobs/{digest}") as response:
            if response.status_code == HTTPStatus.NOT_FOUND:
                return False
            await self._connection.check(response)
            return True

    async def upload_blob(
        self, digest: str, path: Path, on_sent: Callable[[int], None] | None = None
    ) -> None:
        """Send a file to the server; `on_sent` hears how many bytes have gone out."""
        size = {"Content-Length": str(await length(path))}
        where = f"/api/blobs/{digest}"
        async with self._connection.send("POST", where, blocks(path, on_sent), size) as response:
            await self._connection.check(response)

    async def copy(self, source: str, destination: str) -> None:
        """Give a model a second name; no data is copied."""
        body = {"source": source, "destination": destination}
        await self._ask("POST", "/api/copy", body, source, patience=PATIENCE)

    async def delete(self, model: str) -> None:
        """Delete a name, and the files that no other name needs."""
        await self._ask("DELETE", "/api/delete", {"model": model}, model)

    async def account(self) -> str:
        """The name of the server's account at ollama.com; Unauthorized says where to sign in."""
        raw = await self._connection.ask("POST", "/api/me", patience=PATIENCE)
        return read(_Account, raw, self._connection.where).name

    async def sign_out(self) -> None:
        """Sign the server out from ollama.com."""
        await self._connection.ask("POST", "/api/signout", patience=PATIENCE)

    async def attach(self) -> None:
        """Stay attached to our own engine, which ends with its last attachment; until it ends."""
        try:
            async with self._connection.send("GET", "/api/ollama-tui/attached") as response:
                await self._connection.check(response)
                async for _block in response.aiter_raw():
                    pass
        except (Unreachable, Interrupted):
            return

    async def _get(self, path: str, type: type[T]) -> T:
        raw = await self._connection.ask("GET", path, patience=PATIENCE)
        return read(type, raw, self._connection.where)

    async def _ask(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any],
        model: str,
        *,
        patience: float | None = None,
    ) -> bytes:
        raw = msgspec.json.encode(body)
        return await self._connection.ask(method, path, raw, model=model, patience=patience)

    def _reply(
        self, path: str, request: ChatRequest | GenerateRequest
    ) -> AsyncGenerator[Delta, None]:
        return self._stream(path, request, request.model, read_delta, lambda delta: delta.done)

    def _follow(
        self, path: str, model: str, body: Mapping[str, Any]
    ) -> AsyncGenerator[Progress, None]:
        asked, reader = {"model": model, **body}, partial(read_line, Progress)
        return self._stream(path, asked, model, reader, lambda told: told.status == "success")

    async def _stream(
        self,
        path: str,
        body: object,
        model: str,
        read: Callable[[bytes, str, str], T],
        is_last: Callable[[T], bool],
    ) -> AsyncGenerator[T, None]:
        """What the lines of an answer mean. One that stops before its last was interrupted."""
        where, whole = self._connection.where, False
        lines = self._connection.stream(path, msgspec.json.encode(body), model)
        try:
            async with aclosing(lines):
                async for line in lines:
                    item = read(line, where, model)
                    whole = whole or is_last(item)
                    yield item
        except Interrupted:
            if not whole:
                raise
        if not whole:
            raise cut_off(where)
