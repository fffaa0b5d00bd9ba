"""The models that are there: tags, ps, show, copy, delete."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response

from tui.domain.names import BadModelName, ModelName
from tui.engine import bodies, cards
from tui.engine.answers import Whole
from tui.engine.errors import EngineError
from tui.engine.service import engine_of


async def tags(request: Request) -> Response:
    """`GET /api/tags`: every model, the newest first."""
    # In a thread: the first time, the header of every model's file is read.
    models = await asyncio.to_thread(engine_of(request).models.all)
    return Whole({"models": [cards.listed(model) for model in models]})


async def ps(request: Request) -> Response:
    """`GET /api/ps`: the loaded models, the longest-staying first."""
    places = engine_of(request).scheduler.places
    return Whole({"models": [cards.running(place) for place in places]})


async def show(request: Request) -> Response:
    """`POST /api/show`: everything about one model."""
    body = await bodies.read(request, bodies.ShowRequest)
    name = parse(required(body.wanted), "invalid model name")
    model = engine_of(request).model(body.wanted, f"model '{name.short}' not found")
    return Whole(await asyncio.to_thread(cards.shown, model, verbose=body.verbose))


async def copy(request: Request) -> Response:
    """`POST /api/copy`: one more name for a model."""
    body = await bodies.read(request, bodies.CopyRequest)
    parse(body.source, f'source "{body.source}" is invalid')
    target = parse(body.destination, f'destination "{body.destination}" is invalid')
    engine = engine_of(request)
    engine.store.copy(engine.model(body.source, 'model "{}" not found').entry, target)
    return Response()


async def delete(request: Request) -> Response:
    """`DELETE /api/delete`: forget a model, and its files where no other uses them."""
    body = await bodies.read(request, bodies.Body)
    name = parse(required(body.wanted), f'name "{body.wanted}" is invalid')
    engine = engine_of(request)
    if engine.store.is_damaged(name):
        engine.store.forget(name)
        return Response()
    model = engine.model(body.wanted)
    if model.header:
        await engine.scheduler.unload(model)
    engine.store.delete(model.entry)
    return Response()


def required(name: str) -> str:
    """A name, which must be there."""
    if not name:
        raise EngineError("model is required", 400)
    return name


def parse(text: str, refusal: str) -> ModelName:
    """A model name. Raises EngineError with the words of the route."""
    try:
        return ModelName.parse(text)
    except BadModelName as error:
        raise EngineError(refusal, 400) from error
