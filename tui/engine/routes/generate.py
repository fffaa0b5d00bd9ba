"""`POST /api/generate`: one prompt, one answer."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from starlette.requests import Request

from tui.engine import bodies, messages, prompts
from tui.engine.answers import Answer, Line, now
from tui.engine.bodies import Answering, GenerateRequest
from tui.engine.errors import EngineError
from tui.engine.models import Model
from tui.engine.routes.counts import Watch
from tui.engine.runner import BROKEN, Runner
from tui.engine.service import Engine, Terms, engine_of
from tui.engine.thinking import ThinkingSplitter


async def generate(request: Request) -> Answer:
    """Complete a prompt, or load or unload a model where there is none."""
    body = await bodies.read(request, GenerateRequest)
    engine = engine_of(request)
    terms = Terms.settle(engine.model(body.wanted), body)
    _check(body, terms)
    if body.prompt:
        return Answer(Completion(engine, body, terms).lines(), stream=body.stream, join=_join)
    return Answer(_loading(engine, body, terms), stream=False)


def _check(body: GenerateRequest, terms: Terms) -> None:
    """Refuse what cannot be done, in Ollama's words where it has some."""
    model = terms.model
    if body.raw and (body.system or body.template or body.context):
        raise EngineError("raw mode does not support template, system, or context", 400)
    model.require("completion", f'"{body.wanted}" does not support generate')
    if body.suffix:
        model.require("insert", f"{model.full_name} does not support insert")
        raise EngineError("this engine does not fill in text between prompt and suffix", 400)
    if body.template:
        raise EngineError(
            "this engine uses the chat template inside the model file; `template` cannot be given",
            400,
        )
    refuse_extras(body, model)
    if body.images:
        model.require("vision", "this model does not support images")
        raise EngineError("images are understood in /api/chat only", 400)


def refuse_extras(body: Answering, model: Model) -> None:
    """Refuse to think where the model cannot, and bad levels and counts."""
    messages.check_think(body.think)
    messages.check_logprobs(body.top_logprobs)
    if body.think:
        model.require("thinking", f'"{body.wanted}" does not support thinking')


async def _loading(
    engine: Engine, body: GenerateRequest, terms: Terms
) -> AsyncGenerator[Line, None]:
    reason = await engine.load_or_unload(terms)
    yield {"model": body.wanted, "created_at": now(), "response": "", "done": True,
           "done_reason": reason}  # fmt: skip


class Completion:
    """One prompt on its way through the model."""

    def __init__(self, engine: Engine, body: GenerateRequest, terms: Terms) -> None:
        self._engine = engine
        self._body = body
        self._terms = terms
        self._watch = Watch()

    async def lines(self) -> AsyncGenerator[Line, None]:
        """The answer, line by line."""
        use = self._engine.scheduler.use(self._terms.model, self._terms.load, self._terms.keep)
        async with use as lease:
            text = await self._prompt(lease.runner)
            tokens = await self._tokens(lease.runner, text)
            split = ThinkingSplitter(text) if self._splits else None
            timings: dict[str, Any] = {}
            reason, told = "", [*tokens]
            async with aclosing(lease.runner.stream("/completion", self._wire(tokens))) as events:
                async for event in events:
                    told += event.get("tokens") or []
                    reason = _reason(event)
                    timings = event.get("timings") or timings
                    for line in self._pieces(event, split, last=bool(reason)):
                        yield line
            if not reason:
                raise EngineError(BROKEN)
            context = {} if self._body.raw else {"context": told}
            totals = self._watch.totals(lease.load_duration, timings)
            yield self._line("", done=True) | {"done_reason": reason} | context | totals

    @property
    def _splits(self) -> bool:
        return not self._body.raw and self._terms.thinks

    async def _prompt(self, runner: Runner) -> str:
        body, model = self._body, self._terms.model
        if body.raw:
            return body.prompt
        earlier = [] if body.context else messages.stored(model)
        system = body.system or ("" if body.context else model.system)
        talk = [{"role": "system", "content": system}] if system else []
        talk += [messages.to_wire(each) for each in earlier]
        talk.append({"role": "user", "content": body.prompt})
        return await prompts.rendered(runner, talk, self._terms.template)

    async def _tokens(self, runner: Runner, text: str) -> list[int]:
        before = self._body.context
        tokens = before + await prompts.tokens_of(runner, text, start=not before)
        context = runner.options.context
        if len(tokens) < context:
            return tokens
        if not self._body.truncate:
            raise prompts.too_long(len(tokens), context)
        return prompts.shortened(tokens, context, self._terms.options.get("num_keep", 4))

    def _wire(self, tokens: list[int]) -> dict[str, Any]:
        return self._terms.sampling() | {
            "prompt": tokens,
            "return_tokens": True,
            **_grammar(self._body.format),
            **({"n_probs": max(self._body.top_logprobs, 1)} if self._body.logprobs else {}),
        }

    def _pieces(
        self, event: dict[str, Any], split: ThinkingSplitter | None, *, last: bool
    ) -> list[Line]:
        """The lines of one event: mostly one, none where nothing is certain yet."""
        text = event.get("content", "")
        thinking, answer = split.take(text, last=last) if split else ("", text)
        lines = [self._line("") | {"thinking": thinking}] if thinking else []
        if answer:
            tokens = event.get("completion_probabilities") or []
            told = {"logprobs": [messages.logprob(token) for token in tokens]} if tokens else {}
            lines.append(self._line(answer) | told)
        return lines

    def _line(self, text: str, *, done: bool = False) -> Line:
        name = self._body.wanted
        return {"model": name, "created_at": now(), "response": text, "done": done}


def _reason(event: dict[str, Any]) -> str:
    """Why the completion ended; empty while it goes on."""
    if not event.get("stop"):
        return ""
    return "length" if event.get("stop_type") == "limit" else "stop"


def _grammar(wanted: object) -> dict[str, Any]:
    form = messages.response_format(wanted)
    if form is None:
        return {}
    return {"json_schema": form.get("json_schema", {}).get("schema", {"type": "object"})}


def _join(lines: list[Line]) -> Line:
    whole = lines[-1] | {"response": "".join(line["response"] for line in lines)}
    if thinking := "".join(line.get("thinking", "") for line in lines):
        whole["thinking"] = thinking
    if told := [token for line in lines for token in line.get("logprobs", [])]:
        whole["logprobs"] = told
    return whole
