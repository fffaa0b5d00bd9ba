"""`/v1`: OpenAI's and Anthropic's APIs, answered by llama.cpp's own server."""

import base64
import json
import struct
from collections.abc import AsyncGenerator, Iterator
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from tui.engine import bodies, vectors
from tui.engine.answers import Answer, Line, Watched, Whole
from tui.engine.bodies import Answering, Inference
from tui.engine.errors import EngineError
from tui.engine.messages import Wire, check_think
from tui.engine.models import Model
from tui.engine.relay import Relay
from tui.engine.routes.embed import texts_of
from tui.engine.service import Engine, Terms, engine_of

KINDS = ("chat/completions", "completions", "responses", "messages", "messages/count_tokens")
_MEDIA = ("image_url", "video_url", "audio_url", "input_video", "input_audio")


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


async def complete(request: Request) -> Watched:
    """Whatever is answered with text."""
    kind = request.url.path.removeprefix("/v1/")
    engine = engine_of(request)
    asked, model = await _asked(request, engine)
    model.require("completion", f'"{asked["model"]}" does not support {kind}')
    if asked.get("tools"):
        model.require("tools", f"{model.full_name} does not support tools")
    _check_media(asked, model)
    return Relay(engine, kind, asked, Terms.settle(model, Answering(think=_think(asked, model))))


def _think(asked: Wire, model: Model) -> bool | str | None:
    """How much to think, which each of the APIs says in its own way; others are let pass."""
    reasoning = asked.get("reasoning")
    effort = reasoning.get("effort") if isinstance(reasoning, dict) else None
    effort = asked.get("reasoning_effort") or effort
    if not isinstance(effort, str) or "thinking" not in model.capabilities:
        return None
    if effort == "none":
        return False
    check_think(effort)
    return effort


def _check_media(asked: Wire, model: Model) -> None:
    for kind, text in _media(asked):
        if "audio" not in kind:
            model.require("vision", "this model does not support images")
        bare = kind.startswith("input_") and ":" not in text
        if not (bare or text.startswith("data:")):
            # llama.cpp would fetch the address, from inside the user's network.
            raise EngineError("images and the like are taken as data: addresses only", 400)


def _media(asked: Wire) -> Iterator[tuple[str, str]]:
    """What is to be seen or heard, and its kind, wherever one of the APIs may have it."""
    waiting: list[Any] = [asked.get(key) for key in ("messages", "input", "system")]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            yield from _media_of(value)
            waiting += [value[key] for key in value if not _is_call(value, key)]


def _is_call(part: Wire, key: str) -> bool:
    """Whether this is what a tool was called with, which nobody looks at."""
    return key == "input" and part.get("type") == "tool_use"


def _media_of(part: Wire) -> Iterator[tuple[str, str]]:
    for kind in _MEDIA:
        found = part.get(kind)
        texts = [found.get("url"), found.get("data")] if isinstance(found, dict) else [found]
        yield from ((kind, text) for text in texts if isinstance(text, str))
    source = part.get("source")
    if part.get("type") == "image" and isinstance(source, dict):
        yield "image", str(source.get("url", "data:"))


async def embeddings(request: Request) -> Answer:
    """`POST /v1/embeddings`."""
    engine = engine_of(request)
    asked, model = await _asked(request, engine)
    model.require("embedding", f'"{asked["model"]}" does not support embeddings')
    return Answer(_embedded(engine, asked, Terms.settle(model, Inference())), stream=False)


async def _embedded(engine: Engine, asked: Wire, terms: Terms) -> AsyncGenerator[list[Line], None]:
    dimensions = asked.get("dimensions")
    async with engine.scheduler.use(terms.model, terms.load) as lease:
        texts = texts_of(asked.get("input"))
        tokens = await vectors.tokens_of(lease.runner, texts, truncate=True)
        count = dimensions if isinstance(dimensions, int) else 0
        found = await vectors.embedded(lease.runner, tokens, count)
    packed = asked.get("encoding_format") == "base64"
    told = [
        {"object": "embedding", "index": index, "embedding": _packed(each) if packed else each}
        for index, each in enumerate(found.vectors)
    ]
    usage = {"prompt_tokens": found.tokens, "total_tokens": found.tokens}
    yield [{"object": "list", "data": told, "model": asked["model"], "usage": usage}]


def _packed(vector: list[float]) -> str:
    return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()


async def _asked(request: Request, engine: Engine) -> tuple[Wire, Model]:
    """What is asked, and of which model."""
    try:
        asked = json.loads(await bodies.whole(request))
    except (ValueError, RecursionError) as error:
        raise EngineError(f"invalid JSON: {error}", 400) from error
    if not isinstance(asked, dict) or not isinstance(asked.get("model"), str):
        raise EngineError("model is required", 400)
    return asked, engine.model(asked["model"])
