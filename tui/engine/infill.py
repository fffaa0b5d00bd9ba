"""Filling in between a prompt and a suffix, for models that were trained for it."""

from tui.engine import prompts
from tui.engine.errors import EngineError
from tui.engine.gguf import Gguf
from tui.engine.runner import Runner


async def tokens(runner: Runner, header: Gguf, prompt: str, suffix: str) -> list[int]:
    """A prompt that asks for what belongs in between."""
    before, hole, after = [await _mark(runner, mark) for mark in header.infill]
    start = await prompts.tokens_of(runner, "")
    first = await prompts.tokens_of(runner, prompt, start=False)
    last = await prompts.tokens_of(runner, suffix, start=False)
    return [*start, before, *first, hole, *last, after]


async def _mark(runner: Runner, mark: str | int) -> int:
    if isinstance(mark, int):
        return mark
    found = await prompts.tokens_of(runner, mark, start=False)
    if len(found) != 1:
        raise EngineError(f"the model's vocabulary has no token {mark}", 400)
    return found[0]
