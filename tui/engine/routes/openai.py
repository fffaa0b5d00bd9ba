"""`/v1`: the part of OpenAI's API that chat clients use, answered by llama.cpp's own server."""

import json
from collections.abc import AsyncGenerator
from contextlib import aclosing

from starlette.requests import Request
from starlette.responses import Response

from tui.engine import prompts
from tui.engine.answers import JSON, Watched, Whole, dump
from tui.engine.bodies import Inference
from tui.engine.errors import EngineError
from tui.engine.messages import Wire, system_first
from tui.engine.models import Model
from tui.engine.runner import Runner
from tui.engine.service import Engine, Terms, engine_of

_EVENTS = "text/event-stream"
KINDS = ("chat/completions", "completions", "embeddings")


async def models(request: Request) -> Response:
    """`GET /v1/models`: every model, or the one that is named."""
    engine = engine_of(request)
    name = request.path_params.get("name")
    if name:
        return Whole(_listed(engine.model(name)))
    return Whole({"object": "list", "data": [_listed(model) for model in engine.models.all()]})


def _listed(model: Model) -> Wire:
    created = int(model.entry.modified_at.timestamp())
    owner = model.entry.name.namespace
    return {"id": model.name, "object": "model", "created": created, "owned_by": owner}


async def complete(request: Request) -> "Relay":
    """`POST /v1/chat/completions`, `/v1/completions` and `/v1/embeddings`."""
    kind = request.url.path.removeprefix("/v1/")
    try:
        asked = json.loads(await request.body())
    except ValueError as error:
        raise EngineError(f"invalid JSON: {error}", 400) from error
    if not isinstance(asked, dict) or not isinstance(asked.get("model"), str):
        raise EngineError("model is required", 400)
    engine = engine_of(request)
    model = engine.model(asked["model"])
    _check(kind, asked, model)
    return Relay(engine, kind, asked, Terms.settle(model, Inference()))


def _check(kind: str, asked: Wire, model: Model) -> None:
    capability = "embedding" if kind == "embeddings" else "completion"
    model.require(capability, f'"{asked["model"]}" does not support {kind}')
    if asked.get("tools"):
        model.require("tools", f"{model.full_name} does not support tools")
    for url in _images(asked):
        model.require("vision", "this model does not support images")
        if not url.startswith("data:"):
            # llama.cpp would fetch the address, from inside the user's network.
            raise EngineError("images are taken as data: addresses only", 400)


def _images(asked: Wire) -> list[str]:
    contents = [message.get("content") for message in _messages(asked)]
    parts = [part for content in contents if isinstance(content, list) for part in content]
    found = [part.get("image_url") for part in parts if isinstance(part, dict)]
    return [str(each.get("url", "")) for each in found if isinstance(each, dict)]


def _messages(asked: Wire) -> list[Wire]:
    messages = asked.get("messages")
    given = messages if isinstance(messages, list) else []
    return [each for each in given if isinstance(each, dict)]


class Relay(Watched):
    """An answer passed on from the model's process."""

    def __init__(self, engine: Engine, kind: str, asked: Wire, terms: Terms) -> None:
        self._engine = engine
        self._kind = kind
        self._asked = asked
        self._terms = terms
        self._stream = bool(asked.get("stream")) and kind != "embeddings"
        self.media_type = _EVENTS if self._stream else JSON

    async def _pieces(self) -> AsyncGenerator[bytes, None]:
        path = f"/v1/{self._kind}"
        async with self._engine.scheduler.use(self._terms.model, self._terms.load) as lease:
            wire = await self._wire(lease.runner)
            if not self._stream:
                yield dump(self._named(await lease.runner.ask(path, wire)))
                return
            async with aclosing(lease.runner.stream(path, wire)) as events:
                async for event in events:
                    yield _event(self._named(event))
            yield b"data: [DONE]\n\n"

    def _named(self, answer: Wire) -> Wire:
        """An answer under the model's own name: llama.cpp knows only its file."""
        return answer | {"model": self._asked["model"]}

    def _failure(self, error: EngineError, *, started: bool) -> bytes:
        told = refusal(str(error), error.status)
        return _event(told) if started else dump(told)

    async def _wire(self, runner: Runner) -> Wire:
        """What the client asked, with the model's own options where it did not say."""
        if self._kind == "embeddings":
            return self._asked
        wire = self._terms.sampling() | self._asked
        limit = self._asked.get("max_completion_tokens") or self._asked.get("max_tokens")
        if limit is not None:
            wire |= {"n_predict": limit, "max_tokens": limit}
        if self._kind == "chat/completions":
            wire["messages"] = await self._talk(runner)
        return wire

    async def _talk(self, runner: Runner) -> list[Wire]:
        talk = _messages(self._asked)
        system = self._terms.model.system
        if system and not any(message.get("role") == "system" for message in talk):
            talk = [{"role": "system", "content": system}, *talk]
        extra = {"tools": self._asked["tools"]} if self._asked.get("tools") else {}
        try:
            return await prompts.fitted(runner, talk, extra)
        except EngineError:
            return await prompts.fitted(runner, system_first(talk), extra)


def _event(event: Wire) -> bytes:
    return b"data: " + dump(event) + b"\n\n"


def refusal(text: str, status: int) -> Wire:
    """An error as OpenAI's clients read it."""
    kind = "invalid_request_error" if status < 500 else "api_error"  # noqa: PLR2004 - a client's fault
    return {"error": {"message": text, "type": kind, "param": None, "code": None}}
