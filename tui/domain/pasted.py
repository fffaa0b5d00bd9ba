"""What in a message was pasted rather than typed: it stands between two marks."""

import re

_OPEN, _CLOSE = "\x02", "\x03"
"""Start and end of text: no prompt holds them, for what is typed or pasted is made visible."""
MARKED = re.compile(f"{_OPEN}([^{_CLOSE}]*){_CLOSE}")


def marked(text: str) -> str:
    """A text as one that was pasted."""
    return f"{_OPEN}{text}{_CLOSE}"


def unmarked(text: str) -> str:
    """A message as it is meant, without marks."""
    return MARKED.sub(r"\1", text)


def typed(text: str) -> str:
    """The same, with blanks in the place of all that was pasted."""
    return MARKED.sub(lambda match: " " * len(match[1]), text)
