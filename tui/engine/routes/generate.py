"""`POST /api/generate`: one prompt, one answer."""

from collections.abc import AsyncGenerator

from starlette.requests import Request

from tui.engine import bodies, messages
from tui.engine.answers import Answer, Line, now
from tui.engine.bodies import Answering, GenerateRequest
from tui.engine.completion import Completion, joined
from tui.engine.errors import EngineError
from tui.engine.models import Model
from tui.engine.service import Engine, Terms, engine_of

_NO_TEMPLATE = (
    "this engine writes prompts with the chat template inside the model file; use raw for others"
)


async def generate(request: Request) -> Answer:
    """Complete a prompt, or load or unload a model where there is none."""
    body = await bodies.read(request, GenerateRequest)
    engine = engine_of(request)
    terms = Terms.settle(engine.model(body.wanted), body)
    _check(body, terms)
    if body.prompt or body.suffix:
        stream = body.stream and not body.render_only
        return Answer(Completion(engine, body, terms).lines(), stream=stream, join=joined)
    return Answer(_loading(engine, body, terms), stream=False)


def _check(body: GenerateRequest, terms: Terms) -> None:
    """Refuse what cannot be done, in Ollama's words where it has some."""
    model = terms.model
    if body.raw and (body.system or body.template or body.context):
        raise EngineError("raw mode does not support template, system, or context", 400)
    model.require("completion", f'"{body.wanted}" does not support generate')
    if body.suffix:
        model.require("insert", f"{model.full_name} does not support insert")
    if body.template and body.template.strip() != model.jinja.strip():
        raise EngineError(_NO_TEMPLATE, 400)
    refuse_extras(body, model)
    messages.check_images(body.images, model)


def refuse_extras(body: Answering, model: Model) -> None:
    """Refuse to think where the model cannot, and bad levels and counts."""
    messages.check_think(body.think)
    messages.check_logprobs(body.top_logprobs)
    if body.think:
        model.require("thinking", f'"{body.wanted}" does not support thinking')


async def _loading(
    engine: Engine, body: GenerateRequest, terms: Terms
) -> AsyncGenerator[list[Line], None]:
    reason = await engine.load_or_unload(terms)
    yield [{"model": body.wanted, "created_at": now(), "response": "", "done": True,
            "done_reason": reason}]  # fmt: skip
