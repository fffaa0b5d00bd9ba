"""OpenAI's API, as servers of many makes speak it.

Source: https://platform.openai.com/docs/api-reference/chat, and what `makes` names.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import aclosing, contextmanager, suppress
from functools import cached_property
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import msgspec

from tui.api.base import Client
from tui.api.errors import Interrupted, NotOpenAI, ServerError, StillLoading, TooLong
from tui.api.openai import bodies, listing
from tui.api.openai.answer import Answer
from tui.api.openai.events import events
from tui.api.openai.inventory import Inventory
from tui.api.openai.makes import LLAMA_CPP, VLLM
from tui.api.openai.refusals import read, refused
from tui.api.requests import ChatRequest
from tui.domain.hosts import V1
from tui.domain.language import _
from tui.domain.models import LocalModel, ModelCard, RunningModel
from tui.domain.replies import Delta

if TYPE_CHECKING:
    from tui.api.connection import Connection

_LOADING = 1.0
"""Seconds between questions to a server that is loading its model."""
_LAST = 1.0
"""Seconds that the end of an answer may take behind its last words."""


class _Vector(msgspec.Struct, frozen=True):
    embedding: list[float]
    index: int = 0


class _Vectors(msgspec.Struct, frozen=True):
    data: list[_Vector]


class OpenAI(Client):
    """One server of OpenAI's API, of whatever make."""

    kind = "openai"

    async def aclose(self) -> None:
        """Let go of every connection, and forget what was found out by it."""
        self.__dict__.pop("_inventory", None)
        await super().aclose()

    @cached_property
    def _connection(self) -> "Connection":
        # The API's own paths begin with /v1, which many write at the end of the address.
        from tui.api.connection import Connection, Words
        from tui.api.openai.troubles import failed

        address = self.address
        base = msgspec.structs.replace(
            address, path=address.path.removesuffix(V1), name=address.called
        )
        return Connection(base, self.access, self._connect_timeout, Words(refused, failed))

    @cached_property
    def _inventory(self) -> Inventory:
        return Inventory(self._connection)

    @property
    def takes(self) -> frozenset[str] | None:
        """The options that it takes; None until its make is known."""
        known = self._inventory.found
        return known.takes if known else None

    @property
    def tells_loaded(self) -> bool:
        """Whether `running` tells what is in its memory."""
        return self._inventory.make.tells_loaded

    async def version(self) -> str:
        """Its make, and the version where that is told: vLLM 0.11.0."""
        await self._inventory.look()
        return self._inventory.software.shown

    async def models(self) -> list[LocalModel]:
        """The models that it serves."""
        entries = await self._inventory.entries()
        return [listing.local(each, self._inventory.software) for each in entries]

    async def running(self) -> list[RunningModel]:
        """Those in memory, as far as it tells, without figures that it does not tell."""
        entries = await self._inventory.entries()
        found = (listing.running(each, self._inventory.software) for each in entries)
        return [each for each in found if each]

    async def show(self, model: str, *, verbose: bool = False) -> ModelCard:
        """What it tells of a model, which is little."""
        entry = await self._inventory.entry(model)
        is_llama = self._inventory.make is LLAMA_CPP
        props = await self._inventory.told("/props") if is_llama else {}
        return listing.card(entry, props, self._inventory.software)

    async def chat(self, request: ChatRequest) -> AsyncGenerator[Delta, None]:
        """Answer, or go on with the answer that comes last; wait for a model that is loading."""
        make = await self._inventory.know(request.model)
        body = bodies.body_of(request, make, self._inventory.window(request.model))
        began = time.monotonic_ns()
        while True:
            asked = bodies.without(body, self._inventory.unknown)
            waited = time.monotonic_ns() - began
            try:
                async with aclosing(self._answer(asked, waited)) as deltas:
                    async for delta in deltas:
                        yield delta
            except (StillLoading, ServerError) as error:
                await self._learn(body, asked, error)
            else:
                return

    async def embed(self, model: str, input: Sequence[str]) -> list[list[float]]:
        """One vector for each text."""
        asked = {"model": model, "input": [*input]}
        await self._inventory.know()
        text = _("{where} makes no embeddings. Choose a server of a model for embeddings.")
        with self._missing(text, model):
            raw = await self._post("/v1/embeddings", asked, model)
        found = read(_Vectors, raw, self._connection.where, model).data
        return [each.embedding for each in sorted(found, key=lambda each: each.index)]

    async def load(self, model: str, **how: object) -> None:
        """Nothing but a look whether it is served: the first question loads it, if need be."""
        await self._inventory.entry(model)

    async def rendered(self, request: ChatRequest) -> str | None:
        """The prompt that a model would be given, which llama.cpp and vLLM tell."""
        make = await self._inventory.know()
        told = bodies.prompt_of(bodies.body_of(request, make))
        if make is LLAMA_CPP:
            raw = await self._post("/apply-template", told, request.model)
            return str(read(dict[str, Any], raw, self._connection.where).get("prompt", ""))
        if make is not VLLM:
            return None
        raw = await self._post("/tokenize", told, request.model)
        tokens = read(dict[str, Any], raw, self._connection.where).get("tokens")
        raw = await self._post(
            "/detokenize", {"model": request.model, "tokens": tokens}, request.model
        )
        return str(read(dict[str, Any], raw, self._connection.where).get("prompt", ""))

    async def remarks(self, request: ChatRequest) -> list[str]:
        """What it is not asked for, in sentences for the user."""
        return [*bodies.remarks(request, await self._inventory.know(request.model))]

    # --- asking ---

    async def _learn(
        self, body: dict[str, Any], asked: Mapping[str, Any], error: StillLoading | ServerError
    ) -> None:
        """See to it that asking again is worth it. Raises the error where it is not."""
        if isinstance(error, StillLoading):
            await asyncio.sleep(_LOADING)
        elif isinstance(error, TooLong) and error.status != HTTPStatus.OK and "max_tokens" in body:
            del body["max_tokens"]  # a limit that there is no room for is none
        elif name := bodies.unknown_field(asked, error):
            self._inventory.unknown.add(name)
        else:
            raise error

    async def _answer(self, body: Mapping[str, Any], waited: int) -> AsyncGenerator[Delta, None]:
        """An answer from its first event to its last. One that stops before was interrupted."""
        answer = Answer(self._connection.where, body["model"], waited)
        raw = msgspec.json.encode(body)
        pieces = self._connection.stream("/v1/chat/completions", raw, body["model"], events)
        text = _(
            "{where} lists models, but answers no questions. {model} may be for embeddings alone, "
            "or a proxy before it lets none through."
        )
        # Whether it was interrupted, is for the answer to say.
        with suppress(Interrupted), self._missing(text, body["model"]):
            async with aclosing(pieces):
                async for event in pieces:
                    for delta in answer.take(event):
                        yield delta
                    if answer.ended:
                        await _drain(pieces)
        for delta in answer.end():
            yield delta

    @contextmanager
    def _missing(self, text: str, model: str) -> Iterator[None]:
        """Tell in other words of a path that is none, where others are: vLLM has it by model."""
        try:
            yield
        except NotOpenAI as error:
            told = text.format(where=self._connection.where, model=model)
            raise ServerError(told, HTTPStatus.NOT_FOUND, "") from error

    async def _post(self, path: str, body: Mapping[str, Any], model: str) -> bytes:
        return await self._connection.ask("POST", path, msgspec.json.encode(body), model=model)


async def _drain(pieces: AsyncGenerator[bytes, None]) -> None:
    """Read on to the end of an answer, so that its connection can be used again."""
    with suppress(TimeoutError):
        async with asyncio.timeout(_LAST):
            async for _piece in pieces:
                pass
