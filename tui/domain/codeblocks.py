"""The code in a message."""

import re

_FENCE = re.compile(r"^ {0,3}(?P<fence>`{3,}|~{3,})(?P<info>[^\n`]*)$")


def code_blocks(text: str) -> list[str]:
    """The text of each fenced block, without its fences; one that is still open counts."""
    blocks: list[str] = []
    inside: list[str] | None = None
    fence = ""
    for row in text.split("\n"):
        found = _FENCE.match(row)
        if inside is None:
            if found:
                inside, fence = [], found["fence"]
        elif found and found["fence"].startswith(fence) and not found["info"].strip():
            blocks.append("\n".join(inside))
            inside = None
        else:
            inside.append(row)
    if inside:
        blocks.append("\n".join(inside))
    return blocks
