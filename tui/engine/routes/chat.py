"""`POST /api/chat`: a conversation and the model's next message."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

import msgspec
from starlette.requests import Request

from tui.engine import bodies, messages
from tui.engine.answers import Answer, Line, now
from tui.engine.bodies import ChatRequest
from tui.engine.conversation import Conversation
from tui.engine.counts import Watch
from tui.engine.errors import EngineError
from tui.engine.messages import Wire
from tui.engine.routes.generate import refuse_extras
from tui.engine.routes.library import required
from tui.engine.runner import BROKEN
from tui.engine.service import Engine, Terms, engine_of
from tui.engine.speech import ChatEvent, Speech

_DECODE = msgspec.json.Decoder(ChatEvent).decode
_NOBODY = {"role": "", "content": ""}
"""The message of an answer that is none."""


async def chat(request: Request) -> Answer:
    """Answer a conversation, or load or unload a model where there is none."""
    body = await bodies.read(request, ChatRequest)
    engine = engine_of(request)
    terms = Terms.settle(engine.model(required(body.wanted)), body)
    _check(body, terms)
    if body.messages:
        stream = body.stream and not body.render_only
        return Answer(_reply(engine, body, terms), stream=stream, join=_join)
    return Answer(_loading(engine, body, terms), stream=False)


def _check(body: ChatRequest, terms: Terms) -> None:
    """Refuse what the model cannot do, in Ollama's words."""
    model = terms.model
    model.require("completion", f'"{body.wanted}" does not support chat')
    refuse_extras(body, model)
    if body.tools:
        model.require("tools", f"{model.full_name} does not support tools")
    for message in body.messages:
        messages.check_images(message.images or [], model)


async def _loading(
    engine: Engine, body: ChatRequest, terms: Terms
) -> AsyncGenerator[list[Line], None]:
    reason = await engine.load_or_unload(terms)
    yield [_line(body.wanted, done=True) | {"done_reason": reason}]


def _line(model: str, said: Wire | None = None, *, done: bool = False) -> Line:
    message = {"role": "assistant", "content": ""} | (said or {})
    told = {"logprobs": message.pop("logprobs")} if "logprobs" in message else {}
    return {"model": model, "created_at": now(), "message": message, "done": done} | told


async def _reply(
    engine: Engine, body: ChatRequest, terms: Terms
) -> AsyncGenerator[list[Line], None]:
    """The model's next message, line by line."""
    watch = Watch()
    async with engine.scheduler.use(terms.model, terms.load, terms.keep) as lease:
        talk = Conversation(body, terms, lease.runner)
        wire = await talk.wire()
        if body.render_only:
            yield [{"model": body.wanted, "created_at": now(), "message": _NOBODY, "done": False,
                    "_debug_info": await talk.shown(wire)}]  # fmt: skip
            return
        speech = Speech(await talk.splitter(wire), others=body.top_logprobs)
        said = lease.runner.stream("/v1/chat/completions", wire, _DECODE)
        async with aclosing(said) as batches:
            async for events in batches:
                pieces = [piece for event in events for piece in speech.take(event)]
                yield [_line(body.wanted, piece) for piece in pieces]
        if not speech.reason:
            raise EngineError(BROKEN)
        if calls := speech.tool_calls:
            yield [_line(body.wanted, {"tool_calls": calls})]
        totals = watch.totals(lease.load_duration, speech.timings)
        yield [_line(body.wanted, done=True) | {"done_reason": speech.reason} | totals]


def _join(lines: list[Line]) -> Line:
    if "_debug_info" in lines[-1]:
        return lines[-1]
    said = [line["message"] for line in lines]
    text = "".join(each["content"] for each in said)
    message: Wire = {"role": "assistant", "content": text}
    if thinking := "".join(each.get("thinking", "") for each in said):
        message["thinking"] = thinking
    whole = lines[-1] | {"message": message}
    if calls := [call for each in said for call in each.get("tool_calls", [])]:
        message["tool_calls"] = calls
    if told := [token for line in lines for token in line.get("logprobs", [])]:
        whole["logprobs"] = told
    return whole
