"""What a model says in a chat, gathered from the events of llama.cpp."""

import json
import secrets
from typing import Any

from tui.engine import messages
from tui.engine.messages import Wire
from tui.engine.thinking import ThinkingSplitter


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

    def take(self, event: Wire) -> list[Wire]:
        """The pieces of one event: mostly one, with `content` or `thinking`."""
        self.timings = event.get("timings") or self.timings
        pieces: list[Wire] = []
        for choice in event.get("choices") or []:
            pieces += self._choice(choice)
        return pieces

    def _choice(self, choice: Wire) -> list[Wire]:
        delta = choice.get("delta") or {}
        for call in delta.get("tool_calls") or []:
            self._gather(call)
        if ended := choice.get("finish_reason"):
            self.reason = "length" if ended == "length" else "stop"
        thinking, content = delta.get("reasoning_content") or "", delta.get("content") or ""
        if self._split:
            thinking, content = self._split.take(content, last=bool(self.reason))
        pieces = [
            {key: text} for key, text in (("thinking", thinking), ("content", content)) if text
        ]
        tokens = (choice.get("logprobs") or {}).get("content") or []
        if tokens and pieces:
            pieces[-1]["logprobs"] = [messages.logprob(token, self._others) for token in tokens]
        return pieces

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
