"""The code in a message."""

import re
from typing import NamedTuple

_FENCE = re.compile(r"^ {0,3}(?P<fence>`{3,}|~{3,})(?P<info>[^\n`]*)$")
_ENDINGS = {
    "bash": "sh",
    "shell": "sh",
    "console": "sh",
    "python": "py",
    "python3": "py",
    "javascript": "js",
    "typescript": "ts",
    "markdown": "md",
    "rust": "rs",
    "ruby": "rb",
    "csharp": "cs",
    "c#": "cs",
    "c++": "cpp",
    "golang": "go",
    "haskell": "hs",
    "kotlin": "kt",
    "perl": "pl",
    "powershell": "ps1",
    "text": "txt",
    "latex": "tex",
    "yml": "yaml",
}
"""Where a language's files do not end in its name."""
_WHOLE = {"dockerfile": "Dockerfile", "makefile": "Makefile", "make": "Makefile"}


class CodeBlock(NamedTuple):
    """A fenced block of code."""

    language: str
    """What stands behind the fence; empty where nothing does."""
    text: str

    @property
    def file_name(self) -> str:
        """A name for a file of it, by its language."""
        language = self.language.lower()
        if language in _WHOLE:
            return _WHOLE[language]
        ending = _ENDINGS.get(language, language)
        return f"code.{ending if ending.isalnum() else 'txt'}"


def code_blocks(text: str) -> list[CodeBlock]:
    """Each fenced block, without its fences; one that is still open counts."""
    blocks: list[CodeBlock] = []
    inside: list[str] | None = None
    fence = language = ""
    for row in text.split("\n"):
        found = _FENCE.match(row)
        if inside is None:
            if found:
                inside, fence = [], found["fence"]
                language = next(iter(found["info"].split()), "")
        elif found and found["fence"].startswith(fence) and not found["info"].strip():
            blocks.append(CodeBlock(language, "\n".join(inside)))
            inside = None
        else:
            inside.append(row)
    if inside:
        blocks.append(CodeBlock(language, "\n".join(inside)))
    return blocks
