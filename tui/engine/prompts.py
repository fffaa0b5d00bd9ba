"""Making a conversation fit into the window a model was loaded with."""

import json
from typing import Any

from tui.engine.errors import EngineError
from tui.engine.messages import Wire, text_of, with_text, without_oldest
from tui.engine.runner import Runner

_OVERHEAD = 64
"""Tokens that a template may put around one message, on the safe side."""
_IMAGE_TOKENS = 768
"""What Ollama reckons an image with."""


def too_long(tokens: int, context: int) -> EngineError:
    """A prompt that does not fit."""
    return EngineError(
        f"request ({tokens} tokens) exceeds the available context size ({context} tokens), "
        "try increasing it",
        400,
    )


async def fitted(runner: Runner, messages: list[Wire], extra: dict[str, Any]) -> list[Wire]:
    """The conversation without its oldest messages, as few as need be; the last always stays."""
    context = runner.options.context
    if not messages or _surely_fits(messages, extra, context):
        return messages
    # A cut is made before a question, because many templates want one first.
    cuts = [0, *(i for i, message in enumerate(messages) if i and message["role"] == "user")]
    low, high = 0, len(cuts) - 1
    while low < high:
        middle = (low + high) // 2
        shorter = without_oldest(messages, cuts[middle])
        if await _count(runner, shorter, extra) < context:
            high = middle
        else:
            low = middle + 1
    return await _cut(runner, without_oldest(messages, cuts[low]), extra)


async def _cut(runner: Runner, messages: list[Wire], extra: dict[str, Any]) -> list[Wire]:
    """The conversation; its longest text without its middle where even the last is too long."""
    context = runner.options.context
    total = await _count(runner, messages, extra)
    longest = max(range(len(messages)), key=lambda at: len(text_of(messages[at])))
    if total < context or not runner.options.shift:
        return messages
    tokens = await tokens_of(runner, text_of(messages[longest]), start=False)
    # As with Ollama, half of the window is left for the answer.
    kept = context // 2 - (total - len(tokens))
    if kept <= 0:
        raise too_long(total, context)
    ends = tokens[: kept // 2], tokens[-(kept - kept // 2) :]
    text = "".join([await _text_of_tokens(runner, end) for end in ends])
    return [*messages[:longest], with_text(messages[longest], text), *messages[longest + 1 :]]


def _surely_fits(messages: list[Wire], extra: dict[str, Any], context: int) -> bool:
    """No token is shorter than a byte: short chats need not be counted."""
    size = len(json.dumps([messages, extra], ensure_ascii=False).encode())
    return size + _OVERHEAD * (len(messages) + 1) < context


async def _count(runner: Runner, messages: list[Wire], extra: dict[str, Any]) -> int:
    text = await rendered(runner, messages, extra)
    images = text.count(runner.marker) if runner.marker else 0
    return len(await tokens_of(runner, text)) + images * _IMAGE_TOKENS


async def rendered(runner: Runner, messages: list[Wire], extra: dict[str, Any]) -> str:
    """The text that a conversation becomes by the model's template."""
    answer = await runner.ask("/apply-template", {"messages": messages} | extra)
    return str(answer["prompt"])


def shown(text: str, runner: Runner, images: int) -> dict[str, Any]:
    """A prompt for the eyes of its author, with a number for each image."""
    for number in range(images if runner.marker else 0):
        text = text.replace(runner.marker, f"[img-{number}]", 1)
    return {"rendered_template": text} | ({"image_count": images} if images else {})


async def tokens_of(runner: Runner, text: str, *, start: bool = True) -> list[int]:
    """A text as token ids; `start` puts the model's start token first, if it has one."""
    body = {"content": text, "add_special": start, "parse_special": True}
    tokens: list[int] = (await runner.ask("/tokenize", body))["tokens"]
    return tokens


async def _text_of_tokens(runner: Runner, tokens: list[int]) -> str:
    return str((await runner.ask("/detokenize", {"tokens": tokens}))["content"])


def shortened(tokens: list[int], context: int, keep: int) -> list[int]:
    """An overlong prompt: its first `keep` tokens and its end, half a window in all."""
    keep = min(max(keep, 1), context // 4)
    return tokens[:keep] + tokens[-(context // 2 - keep) :]
