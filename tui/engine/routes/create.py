"""`POST /api/create`: a model from a GGUF file or from another model."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

from starlette.requests import Request

from tui.engine import bodies
from tui.engine.answers import Answer, Line, steps
from tui.engine.bodies import CreateRequest
from tui.engine.errors import EngineError
from tui.engine.making import Draft
from tui.engine.routes.library import parse
from tui.engine.routes.transfer import pulled
from tui.engine.service import Engine, engine_of

_TARGETS = ("F32", "F16", "Q4_K_S", "Q4_K_M", "Q8_0")
_OTHER_TARGETS = ("Q4_K", "BF16")
_PLAIN = ("F32", "F16", "BF16")
_NO_QUANTIZE = (
    "this engine does not quantize models: bring a GGUF file that is quantized already, or create "
    "the model with Ollama itself"
)
_NO_DRAFT = "this engine does not use draft models: leave DRAFT out"


async def create(request: Request) -> Answer:
    """Make a model, telling each step."""
    body = await bodies.read(request, CreateRequest)
    parse(body.wanted, "invalid model name")
    _check(body)
    return Answer(steps(_made(engine_of(request), body)), stream=body.stream)


def _check(body: CreateRequest) -> None:
    if not body.source and not body.files:
        raise EngineError("neither 'from' or 'files' was specified", 400)
    if body.draft_files:
        raise EngineError(_NO_DRAFT, 400)
    wanted = body.quantize.upper()
    if wanted and wanted not in (*_TARGETS, *_OTHER_TARGETS):
        names = ", ".join(_TARGETS)
        raise EngineError(f"unsupported quantization type {wanted} - supported types are {names}")
    before, opened, rest = body.template.rpartition("{{")
    if opened and "}}" not in rest:
        line = before.count("\n") + 1
        raise EngineError(f"template error: template: :{line}: unclosed action", 400)


async def _made(engine: Engine, body: CreateRequest) -> AsyncGenerator[Line, None]:
    name = parse(body.wanted, "invalid model name")
    draft = Draft(engine.store)
    async with aclosing(_begun(engine, body, draft)) as lines:
        async for line in lines:
            yield line
    _check_quantization(body.quantize.upper(), draft.file_type)
    await asyncio.to_thread(_filled, draft, body)
    for status in draft.statuses:
        yield {"status": status}
    yield {"status": "writing manifest"}
    draft.save(name)
    yield {"status": "success"}


async def _begun(engine: Engine, body: CreateRequest, draft: Draft) -> AsyncGenerator[Line, None]:
    """What the model starts from."""
    if body.source:
        base = engine.models.find(body.source)
        if base is None:
            async with aclosing(pulled(engine, body.source)) as lines:
                async for line in lines:
                    yield line
            base = engine.model(body.source)
        draft.start_from(base)
    else:
        yield {"status": "parsing GGUF"}
        await asyncio.to_thread(draft.start_with_files, list(body.files.values()))
        yield {"status": "verifying conversion"}
    if body.adapters:
        yield {"status": "converting adapter"}
        await asyncio.to_thread(draft.put_adapters, list(body.adapters.values()))


def _filled(draft: Draft, body: CreateRequest) -> None:
    draft.put_texts(body.template, body.system, body.license)
    draft.put_values(body.parameters, body.messages)
    draft.put_facts(renderer=body.renderer, parser=body.parser, requires=body.requires)


def _check_quantization(wanted: str, present: str) -> None:
    if not wanted or wanted == present:
        return
    if present not in _PLAIN:
        raise EngineError("quantization is only supported for F16, BF16 and F32 models")
    raise EngineError(_NO_QUANTIZE, 501)
