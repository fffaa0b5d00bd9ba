"""A conversation on its way to the model."""

from typing import Any

from tui.engine import messages, prompts
from tui.engine.bodies import ChatRequest
from tui.engine.errors import EngineError
from tui.engine.messages import Wire
from tui.engine.runner import Runner
from tui.engine.service import Terms
from tui.engine.thinking import ThinkingSplitter


class Conversation:
    """What a client said, made ready for one loaded model."""

    def __init__(self, body: ChatRequest, terms: Terms, runner: Runner) -> None:
        self._body = body
        self._terms = terms
        self._runner = runner
        self._extra = terms.template | ({"tools": body.tools} if body.tools else {})

    async def wire(self) -> dict[str, Any]:
        """The body for llama.cpp, its messages short enough and in an order it can take."""
        talk = self._talk()
        try:
            talk = await self._fitted(talk)
        except EngineError:
            if not _system_inside(talk):
                raise
            talk = await self._fitted(messages.system_first(talk))
        form = messages.response_format(self._body.format)
        return self._terms.sampling() | self._extra | {
            "messages": talk,
            "reasoning_format": "deepseek" if self._terms.can_think else "none",
            **({"response_format": form} if form else {}),
            **self._logprobs(),
        }  # fmt: skip

    async def splitter(self, wire: dict[str, Any]) -> ThinkingSplitter | None:
        """Where llama.cpp cannot tell thinking from answer by the template, it is done here."""
        if not self._terms.thinks or self._runner.parses_thinking:
            return None
        return ThinkingSplitter(await prompts.rendered(self._runner, wire["messages"], self._extra))

    async def shown(self, wire: dict[str, Any]) -> dict[str, Any]:
        """The prompt that the conversation becomes."""
        text = await prompts.rendered(self._runner, wire["messages"], self._extra)
        images = sum(len(message.images or []) for message in self._body.messages)
        return prompts.shown(text, self._runner, images)

    async def _fitted(self, talk: list[Wire]) -> list[Wire]:
        if _system_inside(talk):
            # Rendered once for its errors: some templates refuse a system text in the middle.
            await prompts.rendered(self._runner, talk, self._extra)
        if not self._body.truncate:
            return talk
        return await prompts.fitted(self._runner, talk, self._extra)

    def _talk(self) -> list[Wire]:
        """The model's own messages, then the client's, behind one system text."""
        model = self._terms.model
        own = [messages.to_wire(each) for each in messages.stored(model)]
        given = [messages.to_wire(message) for message in self._body.messages]
        if model.system and given[0]["role"] != "system":
            return [{"role": "system", "content": model.system}, *own, *given]
        return [*own, *given]

    def _logprobs(self) -> dict[str, Any]:
        if not self._body.logprobs:
            return {}
        return {"logprobs": True, "top_logprobs": max(self._body.top_logprobs, 1)}


def _system_inside(talk: list[Wire]) -> bool:
    return any(message["role"] == "system" for message in talk[1:])
