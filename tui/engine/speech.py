"""What a model says in a chat, gathered from the events of llama.cpp."""

import json
import secrets
from typing import Any

import msgspec

from tui.engine import messages
from tui.engine.messages import Wire
from tui.engine.thinking import ThinkingSplitter


class Delta(msgspec.Struct):
    """What an event adds to the message."""

    content: str | None = None
    reasoning_content: str | None = None
    tool_calls: list[Wire] | None = None


class Choice(msgspec.Struct):
    """One way to go on, of which only one is asked for."""

    delta: Delta
    finish_reason: str | None = None
    logprobs: Wire | None = None


class ChatEvent(msgspec.Struct):
    """What llama.cpp tells in one event of a chat, as far as it is of use."""

    choices: list[Choice] = []
    timings: Wire | None = None


class Speech:
    """Takes events and gives back pieces of a message; calls of tools are kept until whole."""

    def __init__(self, split: ThinkingSplitter | None = None, *, others: int = 0) -> None:
        self._split = split
        self._others = others
        """How many other tokens to tell beside each one's probability."""
        self._calls: dict[int, dict[str, str]] = {}
        self.reason = ""
        """Why it ended; empty while it goes on."""
        self.timings: dict[str, Any] = {}

    def take(self, event: ChatEvent) -> list[Wire]:
        """The pieces of one event: mostly one, with `content` or `thinking`."""
        self.timings = event.timings or self.timings
        pieces: list[Wire] = []
        for choice in event.choices:
            pieces += self._choice(choice)
        return pieces

    def _choice(self, choice: Choice) -> list[Wire]:
        delta = choice.delta
        for call in delta.tool_calls or ():
            self._gather(call)
        if choice.finish_reason:
            self.reason = "length" if choice.finish_reason == "length" else "stop"
        thinking, content = delta.reasoning_content, delta.content
        if self._split:
            thinking, content = self._split.take(content or "", last=bool(self.reason))
        pieces: list[Wire] = [{"thinking": thinking}] if thinking else []
        if content:
            pieces.append({"content": content})
        self._judge(pieces, (choice.logprobs or {}).get("content"))
        return pieces

    def _judge(self, pieces: list[Wire], tokens: list[Wire] | None) -> None:
        """Tell how probable the tokens of the last piece were."""
        if pieces and tokens:
            pieces[-1]["logprobs"] = [messages.logprob(token, self._others) for token in tokens]

    def _gather(self, call: Wire) -> None:
        whole = self._calls.setdefault(call["index"], {"name": "", "arguments": ""})
        for key, text in (call.get("function") or {}).items():
            whole[key] = whole.get(key, "") + (text or "")

    @property
    def tool_calls(self) -> list[Wire]:
        """The calls of tools, once all is said."""
        return [_tool_call(index, call) for index, call in self._calls.items()]


def _tool_call(index: int, call: dict[str, str]) -> Wire:
    try:
        arguments = json.loads(call["arguments"] or "{}")
    except ValueError:
        arguments = {}
    function = {"index": index, "name": call["name"], "arguments": arguments}
    return {"id": f"call_{secrets.token_hex(4)}", "function": function}
