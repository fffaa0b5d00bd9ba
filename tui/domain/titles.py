"""A title that a model is asked for, and what it answers."""

import re
from typing import Any

from tui.domain.session import Message, title_from

_MUCH = 1500
"""Characters of a message that a model needs to see to name it."""
_ASKED = (
    "Write a title of at most six words for this conversation, in the language of the "
    "conversation. Answer with the title alone, without quotes."
)
_LABEL = re.compile(r"^(?:title|标题)\s*[:：]\s*", re.IGNORECASE)
_FRAME = "\"'`*#_“”‘’«»「」『』《》 \t"


def title_request(branch: list[Message]) -> list[dict[str, Any]]:
    """What a model is asked, about the first question and its answer."""
    said = [each for each in branch if each.role in ("user", "assistant")][:2]
    text = "\n\n".join(f"{each.role}: {each.content[:_MUCH]}" for each in said)
    return [{"role": "user", "content": f"{text}\n\n---\n{_ASKED}"}]


def title_said(answer: str) -> str:
    """The title in an answer; "" where there is none."""
    lines = (line.strip(_FRAME) for line in answer.splitlines())
    title = next((line for line in lines if line), "")
    return title_from(_LABEL.sub("", title).strip(_FRAME).rstrip(".。"))
