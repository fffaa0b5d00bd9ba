"""`POST /api/pull` and `POST /api/push`: a model from a registry, or to one."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from starlette.requests import Request

from tui.api.registry import Registry
from tui.api.registry_errors import RegistryError
from tui.domain.manifests import BadManifest, Layer, Manifest
from tui.domain.names import ModelName
from tui.engine import bodies
from tui.engine.answers import Answer, Line, steps
from tui.engine.bodies import PullRequest
from tui.engine.errors import EngineError
from tui.engine.patience import Unreached, failure
from tui.engine.routes.library import parse, required
from tui.engine.service import Engine, engine_of
from tui.engine.uploads import Upload

_GATEWAY = (403, 407, 451)
"""What a network's own gate answers in place of the registry."""


async def pull(request: Request) -> Answer:
    """Bring a model here, telling each step."""
    body = await bodies.read(request, PullRequest)
    parse(body.wanted, "invalid model name")
    lines = pulled(engine_of(request), body.wanted, insecure=body.insecure)
    return Answer(steps(lines), stream=body.stream)


async def push(request: Request) -> Answer:
    """Bring a model to a registry, telling each step."""
    body = await bodies.read(request, PullRequest)
    name = parse(required(body.wanted), "invalid model name")
    lines = _pushed(engine_of(request), name, insecure=body.insecure)
    return Answer(steps(lines), stream=body.stream)


async def _pushed(engine: Engine, name: ModelName, *, insecure: bool) -> AsyncGenerator[Line, None]:
    yield {"status": "retrieving manifest"}
    model = engine.models.find(name.short)
    if model is None:
        yield {"status": "couldn't retrieve manifest"}
        raise EngineError(f"open {engine.store.path(name)}: no such file or directory")
    raw = engine.store.path(model.entry.name).read_bytes()
    async with Registry(insecure=insecure) as registry:
        for layer in Manifest.read(raw).files:
            upload = Upload(registry, name, layer, engine.store.blob(layer.digest))
            async with aclosing(upload.lines()) as lines:
                async for line in lines:
                    yield line
        yield {"status": "pushing manifest"}
        try:
            await registry.publish(name, raw)
        except RegistryError as error:
            raise failure("", error) from error
    yield {"status": "success"}


async def pulled(
    engine: Engine, text: str, *, insecure: bool = False
) -> AsyncGenerator[Line, None]:
    """The steps of a pull. The starter model is taken elsewhere where no registry answers."""
    name = parse(text, "invalid model name")
    yield {"status": "pulling manifest"}
    try:
        async with aclosing(_from_registry(engine, name, insecure=insecure)) as lines:
            async for line in lines:
                yield line
    except Unreached:
        if not engine.starter.is_meant(name):
            raise
        yield {"status": f"{name.host} cannot be reached"}
        async with aclosing(engine.starter.pulled(name)) as lines:
            async for line in lines:
                yield line


async def _from_registry(
    engine: Engine, name: ModelName, *, insecure: bool
) -> AsyncGenerator[Line, None]:
    async with Registry(insecure=insecure) as registry:
        raw = await _manifest(registry, name)
    manifest = _read(raw)
    told: set[str] = set()
    # Once more for what another model's update removed meanwhile: nothing used it yet.
    while files := [layer for layer in manifest.files if _wanted(engine, layer, told)]:
        for layer in files:
            told.add(layer.digest)
            async with aclosing(engine.downloads.follow(name, layer, insecure=insecure)) as lines:
                async for line in lines:
                    yield line
    yield {"status": "verifying sha256 digest"}
    yield {"status": "writing manifest"}
    if engine.store.save(name, raw):
        yield {"status": "removing unused layers"}
    yield {"status": "success"}


def _wanted(engine: Engine, layer: Layer, told: set[str]) -> bool:
    return layer.digest not in told or not engine.store.blob(layer.digest).exists()


async def _manifest(registry: Registry, name: ModelName) -> bytes:
    try:
        return await registry.manifest(name)
    except RegistryError as error:
        told = failure("pull model manifest", error)
        if error.status in _GATEWAY or error.status >= 500:  # noqa: PLR2004 - a server's fault
            raise Unreached(str(told)) from error
        raise told from error


def _read(raw: bytes) -> Manifest:
    try:
        return Manifest.read(raw)
    except BadManifest as error:
        raise EngineError(f"pull model manifest: {error}") from error
