"""Texts as vectors."""

import math
from typing import NamedTuple

from tui.engine import prompts
from tui.engine.errors import EngineError
from tui.engine.runner import Runner

TOO_LONG = "the input length exceeds the context length"


class Embedded(NamedTuple):
    """A vector for each text, and how many tokens they were."""

    vectors: list[list[float]]
    tokens: int


async def tokens_of(runner: Runner, texts: list[str], *, truncate: bool) -> list[list[int]]:
    """Texts as token ids, cut to the window. Raises EngineError where they must not be cut."""
    context = runner.options.context
    found = [await prompts.tokens_of(runner, text) for text in texts]
    if not truncate and any(len(tokens) > context for tokens in found):
        raise EngineError(TOO_LONG, 400)
    return [tokens[:context] for tokens in found]


async def embedded(runner: Runner, tokens: list[list[int]], dimensions: int = 0) -> Embedded:
    """Vectors of length one, of their first `dimensions` if that is a number."""
    found = await runner.ask("/v1/embeddings", {"input": tokens})
    vectors = [_cut(each["embedding"], dimensions) for each in found["data"]]
    return Embedded(vectors, sum(map(len, tokens)))


def _cut(vector: list[float], dimensions: int) -> list[float]:
    if not 0 < dimensions < len(vector):
        return vector
    short = vector[:dimensions]
    length = math.hypot(*short) or 1.0
    return [value / length for value in short]
