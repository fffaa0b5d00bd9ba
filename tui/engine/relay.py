"""An answer in the form of OpenAI's or Anthropic's API, passed on from the model's process."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

import msgspec

from tui.engine import infill, prompts, runner
from tui.engine.answers import JSON, Watched, dump
from tui.engine.errors import EngineError
from tui.engine.messages import Wire, system_first
from tui.engine.runner import Runner
from tui.engine.service import Engine, Terms

_EVENTS = "text/event-stream"
_NAMED_EVENTS = ("responses", "messages")
"""APIs that name their events, and do not mark the end of them."""
_LIMITS = ("max_completion_tokens", "max_output_tokens", "max_tokens")
_KINDS = {400: "invalid_request_error", 404: "not_found_error"}
_SERVER_FAULT = 500


class _Part(msgspec.Struct):
    text: str | None = None


class _Message(msgspec.Struct):
    role: str
    content: str | list[_Part] | None = None


class Relay(Watched):
    """What the model's process says, under the model's own name."""

    def __init__(self, engine: Engine, kind: str, asked: Wire, terms: Terms) -> None:
        self._engine = engine
        self._kind = kind
        self._asked = asked
        self._terms = terms
        self._stream = bool(asked.get("stream"))
        self.media_type = _EVENTS if self._stream else JSON

    async def _pieces(self) -> AsyncGenerator[bytes, None]:
        path = f"/v1/{self._kind}"
        async with self._engine.scheduler.use(self._terms.model, self._terms.load) as lease:
            wire = await self._wire(lease.runner)
            if not self._stream:
                yield dump(self._named(await lease.runner.ask(path, wire)))
                return
            async with aclosing(lease.runner.stream(path, wire, _event)) as events:
                async for batch in events:
                    if told := b"".join([self._written(event) for event in batch if event]):
                        yield told
            if self._kind not in _NAMED_EVENTS:
                yield b"data: [DONE]\n\n"

    def _written(self, event: Wire) -> bytes:
        name = f"event: {event['type']}\n" if self._kind in _NAMED_EVENTS else ""
        return name.encode() + b"data: " + dump(self._named(event)) + b"\n\n"

    def _named(self, answer: Wire) -> Wire:
        """An answer as Ollama writes it: llama.cpp knows only the model's file."""
        answer.pop("timings", None)
        for part in (answer, answer.get("response"), answer.get("message")):
            if isinstance(part, dict) and ("model" in part or part is answer):
                part["model"] = self._asked["model"]
        if "system_fingerprint" in answer:
            answer["system_fingerprint"] = "fp_ollama"
        for choice in answer.get("choices") or []:
            _rename_thinking(choice.get("message") or choice.get("delta") or {})
        return answer

    def _failure(self, error: EngineError, *, started: bool) -> bytes:
        told = refusal(str(error), error.status)
        if not started:
            return dump(told)
        name = "event: error\n" if self._kind in _NAMED_EVENTS else ""
        return name.encode() + b"data: " + dump({"type": "error"} | told) + b"\n\n"

    async def _wire(self, runner: Runner) -> Wire:
        """What the client asked, with the model's own options where it did not say."""
        wire = self._terms.sampling() | self._asked | self._terms.template
        limit = next((self._asked[key] for key in _LIMITS if self._asked.get(key)), None)
        if limit is not None:
            wire |= {"n_predict": limit, "max_tokens": limit}
        if self._kind == "chat/completions":
            wire["messages"] = await self._talk(runner)
        if self._kind == "completions" and (suffix := wire.pop("suffix", None)):
            wire["prompt"] = await self._gap(runner, str(wire.get("prompt", "")), str(suffix))
        return wire

    async def _gap(self, runner: Runner, prompt: str, suffix: str) -> list[int]:
        model = self._terms.model
        model.require("insert", f"{model.full_name} does not support insert")
        assert model.header
        return await infill.tokens(runner, model.header, prompt, suffix)

    async def _talk(self, runner: Runner) -> list[Wire]:
        talk = messages_of(self._asked)
        system = self._terms.model.system
        if system and not any(message.get("role") == "system" for message in talk):
            talk = [{"role": "system", "content": system}, *talk]
        extra: dict[str, Any] = dict(self._terms.template)
        if self._asked.get("tools"):
            extra["tools"] = self._asked["tools"]
        try:
            return await prompts.fitted(runner, talk, extra)
        except EngineError:
            return await prompts.fitted(runner, system_first(talk), extra)


def _event(text: bytes) -> Wire:
    """An event, empty where it is not for the client. Raises EngineError."""
    event: Wire = msgspec.json.decode(text)
    if "error" in event:
        raise runner.refusal(_SERVER_FAULT, text)
    return {} if "prompt_progress" in event else event


def messages_of(asked: Wire) -> list[Wire]:
    """The messages of a request. Raises EngineError with status 400 where they are none."""
    messages = asked.get("messages") or []
    try:
        msgspec.convert(messages, list[_Message])
    except msgspec.ValidationError as error:
        raise EngineError(f"invalid messages: {error}", 400) from error
    return [{"content": ""} | each for each in messages]


def _rename_thinking(said: Wire) -> None:
    if "reasoning_content" in said:
        said["reasoning"] = said.pop("reasoning_content")


def refusal(text: str, status: int) -> Wire:
    """An error as OpenAI's clients read it."""
    other = "invalid_request_error" if status < _SERVER_FAULT else "api_error"
    kind = _KINDS.get(status, other)
    return {"error": {"message": text, "type": kind, "param": None, "code": None}}
