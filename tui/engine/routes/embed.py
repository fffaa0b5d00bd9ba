"""`POST /api/embed` and the older `/api/embeddings`: texts as vectors."""

from collections.abc import AsyncGenerator

from starlette.requests import Request

from tui.engine import bodies, vectors
from tui.engine.answers import Answer, Line
from tui.engine.bodies import EmbedRequest
from tui.engine.counts import Watch
from tui.engine.errors import EngineError
from tui.engine.service import Engine, Terms, engine_of

_MISSING = 'model "{}" not found, try pulling it first'
_UNABLE = "This server does not support embeddings. Start it with `--embeddings`"


async def embed(request: Request) -> Answer:
    """One vector of length one for each text."""
    body = await bodies.read(request, EmbedRequest)
    engine = engine_of(request)
    terms = Terms.settle(engine.model(body.wanted, _MISSING), body)
    return Answer(_embedded(engine, terms, body, texts_of(body.input), 501), stream=False)


async def embeddings(request: Request) -> Answer:
    """The vector of one text."""
    body = await bodies.read(request, EmbedRequest)
    engine = engine_of(request)
    terms = Terms.settle(engine.model(body.wanted, _MISSING), body)
    texts = [body.prompt] if body.prompt else []
    return Answer(_embedded(engine, terms, body, texts, 500), stream=False, join=_single)


def _single(lines: list[Line]) -> Line:
    return {"embedding": next(iter(lines[-1]["embeddings"]), [])}


def texts_of(given: object) -> list[str]:
    """What is to be embedded: one text, several, or none."""
    texts = [] if given in (None, "") else [given] if isinstance(given, str) else given
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise EngineError("invalid input type", 400)
    return texts


async def _embedded(
    engine: Engine, terms: Terms, body: EmbedRequest, texts: list[str], unable: int
) -> AsyncGenerator[list[Line], None]:
    watch = Watch()
    async with engine.scheduler.use(terms.model, terms.load, terms.keep) as lease:
        answer: Line = {"model": body.wanted, "embeddings": []}
        if texts:
            tokens = await vectors.tokens_of(lease.runner, texts, truncate=body.truncate)
            if "embedding" not in terms.model.capabilities:
                raise EngineError(_UNABLE, unable)
            found = await vectors.embedded(lease.runner, tokens, body.dimensions)
            totals = watch.totals(lease.load_duration, {"prompt_n": found.tokens})
            answer["embeddings"] = found.vectors
            answer |= {key: count for key, count in totals.items() if not key.startswith("eval")}
            del answer["prompt_eval_duration"]
        yield [answer]
