"""An answer of `/v1/chat/completions`: its events, put together to what Ollama would say."""

import time
from collections.abc import Iterator
from typing import Any

import msgspec

from tui.api.answers import UNDECODABLE
from tui.api.errors import BadAnswer
from tui.api.openai.events import DONE
from tui.api.openai.refusals import error_in, spoken
from tui.api.openai.thoughts import Thoughts
from tui.api.refusals import cut_off
from tui.domain.language import _
from tui.domain.replies import Delta, Stats

_NANOSECONDS, _PER_MILLISECOND = 1_000_000_000, 1_000_000
_WORTH_TELLING = 500_000_000
_FASTEST = 20_000
"""Tokens a second that no server writes for one user."""
_REASONS = {"tool_calls": "stop", "function_call": "stop"}
_UNTOLD = "stop"
"""What is taken for the reason of an end where that is not told."""
_BROKEN = ("abort", "error")
"""What vLLM and SGLang say of an answer that they gave up."""
_OK = 200


class _Function(msgspec.Struct, frozen=True):
    name: str | None = None
    arguments: str | dict[str, Any] | None = None


class _Call(msgspec.Struct, frozen=True):
    index: int | None = None
    """Which of the calls this is a piece of."""
    id: str | None = None
    function: _Function | None = None


class _Said(msgspec.Struct, frozen=True):
    content: str | None = None
    reasoning_content: str | None = None
    """Of vLLM until 0.11, SGLang, llama.cpp and DeepSeek."""
    reasoning: str | None = None
    """Of newer ones of vLLM, OpenRouter and Ollama."""
    tool_calls: list[_Call] | None = None


class _Choice(msgspec.Struct, frozen=True):
    delta: _Said | None = None
    message: _Said | None = None
    """From servers that do not stream what they were asked to."""
    finish_reason: str | None = None


class _Cached(msgspec.Struct, frozen=True):
    cached_tokens: int | None = None


class _Usage(msgspec.Struct, frozen=True):
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    prompt_tokens_details: _Cached | None = None


class _Timings(msgspec.Struct, frozen=True):
    """Of llama.cpp: milliseconds, and tokens without those that were in its cache."""

    prompt_ms: float = 0.0
    predicted_ms: float = 0.0


class _Chunk(msgspec.Struct, frozen=True):
    choices: list[_Choice] | None = None
    usage: _Usage | None = None
    timings: _Timings | None = None


class Answer:
    """Takes in events; its times are measured here, for servers tell none."""

    def __init__(self, where: str, model: str, waited: int = 0) -> None:
        """`waited` are nanoseconds in which the server loaded its model."""
        self._where, self._model = where, model
        self._waited = waited if waited > _WORTH_TELLING else 0
        self._began = time.monotonic_ns()
        self._first = self._last = 0
        """When the first and the last piece came; 0 before."""
        self._thoughts = Thoughts()
        self._calls: dict[int, dict[str, str]] = {}
        self._reason = ""
        self._usage = _Usage()
        self._timings: _Timings | None = None
        self.ended = False
        """Whether all was said; bytes may still come."""

    def take(self, event: bytes) -> Iterator[Delta]:
        """What an event says. Raises OllamaError."""
        if event.strip() == DONE:
            self._reason = self._reason or _UNTOLD
            yield from self.end()
        if self.ended or not event.strip():
            return
        if words := error_in(event):
            raise spoken(_OK, words, self._where, self._model)
        chunk = self._read(event)
        self._usage = chunk.usage or self._usage
        self._timings = chunk.timings or self._timings
        for choice in (chunk.choices or ())[:1]:
            yield from self._heard(choice)

    def end(self) -> Iterator[Delta]:
        """What is left to say at the end, once. Raises Interrupted for one that came too early."""
        if self.ended:
            return
        if not self._reason or self._reason in _BROKEN:
            raise cut_off(self._where)
        self.ended = True
        thinking, content = self._thoughts.end()
        if thinking or content:
            yield Delta(content=content, thinking=thinking)
        if self._calls:
            yield Delta(tool_calls=[_call(each) for each in self._calls.values()])
        reason = _REASONS.get(self._reason, self._reason)
        yield Delta(done=True, done_reason=reason, stats=self._stats())

    def _read(self, event: bytes) -> _Chunk:
        try:
            return msgspec.json.decode(event, type=_Chunk)
        except UNDECODABLE as error:
            text = _(
                "{where} sent an event that cannot be read: {event}\nA proxy may have changed it."
            )
            said = event[:80].decode(errors="replace")
            raise BadAnswer(text.format(where=self._where, event=said)) from error

    def _heard(self, choice: _Choice) -> Iterator[Delta]:
        said = choice.delta or choice.message or _Said()
        thinking = said.reasoning_content or said.reasoning or ""
        if said.content or thinking or said.tool_calls:
            self._last = time.monotonic_ns()
            self._first = self._first or self._last
        for place, call in enumerate(said.tool_calls or ()):
            self._gather(place if call.index is None else call.index, call)
        self._reason = choice.finish_reason or self._reason
        thought, content = self._thoughts.take(said.content) if said.content else ("", "")
        if thinking or thought or content:
            yield Delta(content=content, thinking=thinking + thought)

    def _gather(self, index: int, piece: _Call) -> None:
        """Put a piece of a call to the others: names come once, arguments in pieces."""
        call = self._calls.setdefault(index, {"id": "", "name": "", "arguments": ""})
        call["id"] = piece.id or call["id"]
        if function := piece.function:
            call["name"] = function.name or call["name"]
            given = function.arguments or ""
            whole = given if isinstance(given, str) else msgspec.json.encode(given).decode()
            call["arguments"] += whole

    def _stats(self) -> Stats:
        now = time.monotonic_ns()
        prompt, answer = (self._first or now) - self._began, self._last - self._first
        if times := self._timings:
            prompt = round(times.prompt_ms * _PER_MILLISECOND)
            answer = round(times.predicted_ms * _PER_MILLISECOND)
        count = self._usage.completion_tokens or 0
        if answer * _FASTEST < count * _NANOSECONDS:
            answer = 0  # a proxy kept it until it was whole
        cached = self._usage.prompt_tokens_details or _Cached()
        return Stats(
            total_duration=self._waited + now - self._began,
            load_duration=self._waited,
            prompt_eval_count=self._usage.prompt_tokens or 0,
            prompt_eval_duration=prompt,
            eval_count=count,
            eval_duration=answer,
            cached_count=cached.cached_tokens or 0,
        )


def _call(call: dict[str, str]) -> dict[str, Any]:
    """A call in Ollama's form, whose arguments are an object."""
    try:
        arguments: object = msgspec.json.decode(call["arguments"] or "{}", type=dict[str, Any])
    except UNDECODABLE:
        arguments = call["arguments"]  # what a model wrote that is no object is shown as it is
    function = {"name": call["name"], "arguments": arguments}
    return {**({"id": call["id"]} if call["id"] else {}), "function": function}
