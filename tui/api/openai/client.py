"""OpenAI's API, as servers of many makes speak it.

Source: https://platform.openai.com/docs/api-reference/chat, and what `makes` names.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing, suppress
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec

from tui.api.base import PATIENCE, Client
from tui.api.errors import Interrupted, ModelNotFound, OllamaError, ServerError, StillLoading
from tui.api.openai import bodies, listing
from tui.api.openai.answer import Answer
from tui.api.openai.events import events
from tui.api.openai.makes import LLAMA_CPP, OTHER, VLLM, Make, Software, make_of, software_of
from tui.api.openai.messages import messages
from tui.api.openai.refusals import read, refused
from tui.api.requests import ChatRequest
from tui.domain.hosts import V1
from tui.domain.language import _
from tui.domain.models import LocalModel, ModelCard, RunningModel
from tui.domain.replies import Delta

if TYPE_CHECKING:
    from tui.api.connection import Connection

_RECENT = 1.0
"""Seconds for which a list of models is good enough: a look at a host asks for it thrice."""
_BRIEF = 5.0
"""Seconds that a question about the server itself may take."""
_LAST = 1.0
"""Seconds that the end of an answer may take behind its last words."""
_NAMED = 6
"""As many models as an error lists."""
_LOADING = 1.0
"""Seconds between questions to a server that is loading its model."""


class _Listing(msgspec.Struct, frozen=True):
    data: list[dict[str, Any]]


class _Vector(msgspec.Struct, frozen=True):
    embedding: list[float]
    index: int = 0


class _Vectors(msgspec.Struct, frozen=True):
    data: list[_Vector]


class OpenAI(Client):
    """One server of OpenAI's API, of whatever make."""

    kind = "openai"
    _software: Software | None = None
    """What serves there; None until it was asked, and after it could not be."""
    _entries: Sequence[listing.Entry] = ()
    _listed_at = -_RECENT

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

    @property
    def _make(self) -> Make:
        return self._software.make if self._software else OTHER

    @property
    def takes(self) -> frozenset[str] | None:
        """The options that it takes; None until its make is known."""
        return frozenset(self._make.options) if self._software else None

    @property
    def tells_loaded(self) -> bool:
        """Whether `running` tells what is in its memory."""
        return self._make.tells_loaded

    async def version(self) -> str:
        """Its make, and the version where that is told: vLLM 0.11.0."""
        await self._list()
        return self._known.shown

    async def models(self) -> list[LocalModel]:
        """The models that it serves."""
        return [listing.local(each, self._known) for each in await self._recent()]

    async def running(self) -> list[RunningModel]:
        """Those in memory, as far as it tells, without figures that it does not tell."""
        found = [listing.running(each, self._known) for each in await self._recent()]
        return [each for each in found if each]

    async def show(self, model: str, *, verbose: bool = False) -> ModelCard:
        """What it tells of a model, which is little."""
        entry = await self._entry(model)
        props: Mapping[str, Any] = {}
        if self._make is LLAMA_CPP:
            props = await self._told("/props")
        return listing.card(entry, props, self._known)

    async def chat(self, request: ChatRequest) -> AsyncGenerator[Delta, None]:
        """Answer, or go on with the answer that comes last; wait for a model that is loading."""
        await self._recent_make()
        began, body = time.monotonic_ns(), bodies.body_of(request, self._make)
        while True:
            waited = time.monotonic_ns() - began
            try:
                async with aclosing(self._answer(body, waited)) as deltas:
                    async for delta in deltas:
                        yield delta
            except (StillLoading, ServerError) as error:
                body = await self._again(body, error)
            else:
                return

    async def embed(self, model: str, input: Sequence[str]) -> list[list[float]]:
        """One vector for each text."""
        raw = await self._post("/v1/embeddings", {"model": model, "input": [*input]}, model)
        found = read(_Vectors, raw, self._connection.where, model).data
        return [each.embedding for each in sorted(found, key=lambda each: each.index)]

    async def load(self, model: str, **how: object) -> None:
        """Nothing but a look whether it is served: the first question loads it, if need be."""
        await self._entry(model)

    async def rendered(self, request: ChatRequest) -> str | None:
        """The prompt that a model would be given, which llama.cpp and vLLM tell."""
        await self._recent_make()
        told = {"model": request.model, "messages": messages(request.messages)}
        if self._make is LLAMA_CPP:
            raw = await self._post("/apply-template", told, request.model)
            return str(read(dict[str, Any], raw, self._connection.where).get("prompt", ""))
        if self._make is not VLLM:
            return None
        raw = await self._post("/tokenize", told, request.model)
        tokens = read(dict[str, Any], raw, self._connection.where).get("tokens")
        raw = await self._post(
            "/detokenize", {"model": request.model, "tokens": tokens}, request.model
        )
        return str(read(dict[str, Any], raw, self._connection.where).get("prompt", ""))

    async def remarks(self, request: ChatRequest) -> list[str]:
        """What it is not asked for, in sentences for the user."""
        await self._recent_make()
        return [*bodies.remarks(request, self._make)]

    # --- asking ---

    async def _again(self, body: dict[str, Any], error: OllamaError) -> dict[str, Any]:
        """What to ask after a refusal, once it is worth it. Raises the error if it is not."""
        if isinstance(error, ServerError):
            slimmer = bodies.slimmer(body, error)
            if slimmer is None:
                raise error
            return slimmer
        await asyncio.sleep(_LOADING)
        return body

    async def _answer(self, body: Mapping[str, Any], waited: int) -> AsyncGenerator[Delta, None]:
        """An answer from its first event to its last. One that stops before was interrupted."""
        answer = Answer(self._connection.where, body["model"], waited)
        raw = msgspec.json.encode(body)
        pieces = self._connection.stream("/v1/chat/completions", raw, body["model"], events)
        with suppress(Interrupted):  # whether it was that, is for the answer to say
            async with aclosing(pieces):
                async for event in pieces:
                    for delta in answer.take(event):
                        yield delta
                    if answer.ended:
                        await _drain(pieces)
        for delta in answer.end():
            yield delta

    @property
    def _known(self) -> Software:
        return self._software or Software(OTHER)

    async def _recent_make(self) -> None:
        """Find out whose server it is, unless that is known."""
        if self._software is None:
            await self._list()

    async def _recent(self) -> Sequence[listing.Entry]:
        if time.monotonic() - self._listed_at > _RECENT:
            await self._list()
        return self._entries

    async def _list(self) -> None:
        """Ask for the models; and whose server it is, unless that is known."""
        try:
            self._entries = await self._entries_at(self._make.lists)
        except OllamaError:
            self._software = None  # what comes back may be another
            raise
        # A llama.cpp that is loading tells nothing of itself yet.
        if self._software is None or (self._make is LLAMA_CPP and not self._software.window):
            self._software = await self._identified()
        self._listed_at = time.monotonic()

    async def _entries_at(self, path: str) -> Sequence[listing.Entry]:
        raw = await self._connection.ask("GET", path, patience=PATIENCE)
        found = read(_Listing, raw, self._connection.where).data
        return [each for each in found if each.get("id")]

    async def _identified(self) -> Software:
        make = make_of(self._entries)
        for path in make.versions:
            if told := await self._told(path):
                return software_of(make, told)
        if make.lists != OTHER.lists:
            try:
                self._entries = await self._entries_at(make.lists)
            except OllamaError:  # an older one
                return Software(make._replace(lists=OTHER.lists, tells_loaded=False))
        return Software(make)

    async def _told(self, path: str) -> Mapping[str, Any]:
        """What the server says of itself; nothing where it does not know the path."""
        try:
            raw = await self._connection.ask("GET", path, patience=_BRIEF)
            return read(dict[str, Any], raw, self._connection.where)
        except OllamaError:
            return {}

    async def _entry(self, model: str) -> listing.Entry:
        """What the list says of a model. Raises ModelNotFound."""
        entries = await self._recent()
        for each in entries:
            if each["id"] == model:
                return each
        text = _("{where} does not serve {model}. It serves {models}.")
        names = ", ".join(str(each["id"]) for each in entries[:_NAMED]) or _("nothing now")
        names += ", …" if len(entries) > _NAMED else ""
        where = self._connection.where
        raise ModelNotFound(text.format(where=where, model=model, models=names), model)

    async def _post(self, path: str, body: Mapping[str, Any], model: str) -> bytes:
        return await self._connection.ask("POST", path, msgspec.json.encode(body), model=model)


async def _drain(pieces: AsyncGenerator[bytes, None]) -> None:
    """Read on to the end of an answer, so that its connection can be used again."""
    with suppress(TimeoutError):
        async with asyncio.timeout(_LAST):
            async for _piece in pieces:
                pass
