"""`POST /api/create`: a model from a GGUF file or from another model."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

from starlette.requests import Request

from tui.engine import bodies
from tui.engine.answers import Answer, Line
from tui.engine.bodies import CreateRequest
from tui.engine.errors import EngineError
from tui.engine.making import Draft
from tui.engine.models import Model
from tui.engine.routes.library import parse
from tui.engine.routes.transfer import pulled
from tui.engine.service import Engine, engine_of

_NO_QUANTIZE = (
    "this engine does not quantize models: bring a GGUF file that is quantized already, or create "
    "the model with Ollama itself"
)
_NO_ADAPTERS = "this engine does not apply adapters: merge the adapter into the weights first"
_NO_TEMPLATE = (
    "this engine uses the chat template inside the model file and cannot use another: leave "
    "TEMPLATE out"
)


async def create(request: Request) -> Answer:
    """Make a model, telling each step."""
    body = await bodies.read(request, CreateRequest)
    parse(body.wanted, "invalid model name")
    _check(body)
    return Answer(_steps(engine_of(request), body), stream=body.stream)


def _check(body: CreateRequest) -> None:
    for text, wanted in ((_NO_QUANTIZE, body.quantize), (_NO_ADAPTERS, body.adapters)):
        if wanted:
            raise EngineError(text, 400)
    if not body.source and not body.files:
        raise EngineError("neither 'from' or 'files' was specified", 400)


async def _steps(engine: Engine, body: CreateRequest) -> AsyncGenerator[Line, None]:
    name = parse(body.wanted, "invalid model name")
    draft = Draft(engine.store)
    if body.source:
        base = engine.models.find(body.source)
        if base is None:
            async with aclosing(pulled(engine, body.source)) as lines:
                async for line in lines:
                    yield line
            base = engine.model(body.source)
        _check_template(body, base)
        draft.start_from(base)
    else:
        yield {"status": "parsing GGUF"}
        await asyncio.to_thread(draft.start_with_files, list(body.files.values()))
        _check_template(body, None, draft.template)
    draft.put_texts(body.system, body.license)
    draft.put_values(body.parameters, body.messages)
    for status in draft.statuses:
        yield {"status": status}
    yield {"status": "writing manifest"}
    draft.save(name)
    yield {"status": "success"}


def _check_template(body: CreateRequest, base: Model | None, own: str = "") -> None:
    """A template is only let pass when it is the model's own, as `show` printed it."""
    if base and base.header:
        own = base.header.template
    if body.template and body.template.strip() != own.strip():
        raise EngineError(_NO_TEMPLATE, 400)
