"""One prompt on its way through a model."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from typing import Any

import msgspec

from tui.engine import infill, messages, prompts
from tui.engine.answers import Line, now
from tui.engine.bodies import GenerateRequest
from tui.engine.counts import Watch
from tui.engine.errors import EngineError
from tui.engine.messages import Wire
from tui.engine.runner import BROKEN, Runner
from tui.engine.scheduler import Lease
from tui.engine.service import Engine, Terms
from tui.engine.thinking import ThinkingSplitter

_ANY_OBJECT = {"type": "object"}


class CompletionEvent(msgspec.Struct):
    """What llama.cpp tells in one event of a completion, as far as it is of use."""

    content: str = ""
    tokens: list[int] = []
    stop: bool = False
    stop_type: str = ""
    timings: Wire | None = None
    completion_probabilities: list[Wire] = []

    @property
    def reason(self) -> str:
        """Why the completion ended; empty while it goes on."""
        if not self.stop:
            return ""
        return "length" if self.stop_type == "limit" else "stop"


_DECODE = msgspec.json.Decoder(CompletionEvent).decode


class Completion:
    """A prompt, made ready for one loaded model, and what comes of it."""

    def __init__(self, engine: Engine, body: GenerateRequest, terms: Terms) -> None:
        self._engine = engine
        self._body = body
        # A grammar holds from the first token on: there is no thinking before it.
        self._terms = replace(terms, think=False) if body.format else terms
        self._watch = Watch()

    async def lines(self) -> AsyncGenerator[list[Line], None]:
        """The answer, line by line."""
        use = self._engine.scheduler.use(self._terms.model, self._terms.load, self._terms.keep)
        async with use as lease:
            text = await self._text(lease.runner)
            if self._body.render_only:
                shown = prompts.shown(text, lease.runner, len(self._body.images))
                yield [self._line("") | {"_debug_info": shown}]
                return
            async with aclosing(self._answer(lease, text)) as batches:
                async for lines in batches:
                    yield lines

    async def _answer(self, lease: Lease, text: str) -> AsyncGenerator[list[Line], None]:
        tokens = await self._tokens(lease.runner, text)
        split = ThinkingSplitter(text) if self._splits else None
        timings: dict[str, Any] = {}
        reason, told = "", [*tokens]
        wire = self._wire(tokens, text)
        async with aclosing(lease.runner.stream("/completion", wire, _DECODE)) as batches:
            async for events in batches:
                yield [line for event in events for line in self._pieces(event, split)]
                told += [token for event in events for token in event.tokens]
                reason = events[-1].reason
                timings = events[-1].timings or timings
        if not reason:
            raise EngineError(BROKEN)
        context = {"context": told} if tokens and not self._body.raw else {}
        totals = self._watch.totals(lease.load_duration, timings)
        yield [self._line("", done=True) | {"done_reason": reason} | context | totals]

    @property
    def _splits(self) -> bool:
        return not self._body.raw and not self._body.suffix and self._terms.thinks

    async def _text(self, runner: Runner) -> str:
        body, model = self._body, self._terms.model
        if body.raw or body.suffix:
            return body.prompt
        earlier = [] if body.context else messages.stored(model)
        system = body.system or ("" if body.context else model.system)
        talk: list[Wire] = [{"role": "system", "content": system}] if system else []
        talk += [messages.to_wire(each) for each in earlier]
        talk.append(messages.question(body.prompt, body.images))
        return await prompts.rendered(runner, talk, self._terms.template)

    async def _tokens(self, runner: Runner, text: str) -> list[int]:
        """The prompt as token ids; none where images are in it, which are no tokens yet."""
        body, header = self._body, self._terms.model.header
        if body.images:
            return []
        if body.suffix and header:
            tokens = await infill.tokens(runner, header, body.prompt, body.suffix)
        else:
            before = body.context
            tokens = before + await prompts.tokens_of(runner, text, start=not before)
        context = runner.options.context
        if len(tokens) < context:
            return tokens
        if not body.truncate:
            raise prompts.too_long(len(tokens), context)
        return prompts.shortened(tokens, context, self._terms.options.get("num_keep", 4))

    def _wire(self, tokens: list[int], text: str) -> dict[str, Any]:
        seen = {"prompt_string": text, "multimodal_data": self._body.images}
        return self._terms.sampling() | {
            "prompt": tokens or seen,
            "return_tokens": True,
            **_grammar(self._body.format),
            **({"n_probs": max(self._body.top_logprobs, 1)} if self._body.logprobs else {}),
        }

    def _pieces(self, event: CompletionEvent, split: ThinkingSplitter | None) -> list[Line]:
        """The lines of one event: mostly one, none where nothing is certain yet."""
        text = event.content
        thinking, answer = split.take(text, last=event.stop) if split else ("", text)
        lines = [self._line("") | {"thinking": thinking}] if thinking else []
        if answer:
            lines.append(self._line(answer))
        if lines and (tokens := event.completion_probabilities):
            count = self._body.top_logprobs
            lines[-1]["logprobs"] = [messages.logprob(token, count) for token in tokens]
        return lines

    def _line(self, text: str, *, done: bool = False) -> Line:
        name = self._body.wanted
        return {"model": name, "created_at": now(), "response": text, "done": done}


def _grammar(wanted: object) -> dict[str, Any]:
    form = messages.response_format(wanted)
    if form is None:
        return {}
    return {"json_schema": form.get("json_schema", {}).get("schema", _ANY_OBJECT)}


def joined(lines: list[Line]) -> Line:
    """The lines of an answer as one."""
    whole = lines[-1] | {"response": "".join(line["response"] for line in lines)}
    if thinking := "".join(line.get("thinking", "") for line in lines):
        whole["thinking"] = thinking
    if told := [token for line in lines for token in line.get("logprobs", [])]:
        whole["logprobs"] = told
    return whole
