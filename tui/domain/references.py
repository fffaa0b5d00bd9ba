r"""Files named in a message: `@notes.txt`, `@"my photo.png"`, `@~/a\ b.png`."""

import re
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

IMAGES = (".png", ".jpg", ".jpeg", ".webp", ".gif")
"""How the names of pictures end that models can see."""

_NAMED = re.compile(r"""(?<!\S)@(?:"(?P<quoted>[^"\n]+)"|(?P<plain>(?:\\.|[^\s\\"])+))""")
_ESCAPED = re.compile(r"\\(.)")
_SPECIAL = re.compile(r"""([\s\\"'])""")
_BEGUN = re.compile(r"(?<!\S)@((?:\\.|[^\s\\])*)$")
_LONGEST = 4096


class Reference(NamedTuple):
    """A file named in a text."""

    path: str
    start: int
    end: int


def references(text: str) -> list[Reference]:
    """All that could be files, in order; whether they are, only the disk knows."""
    return [
        Reference(match["quoted"] or unescaped(match["plain"]), *match.span())
        for match in _NAMED.finditer(text)
    ]


def begun(before: str) -> tuple[str, int] | None:
    """The path that is being typed at the end of a line, and where it begins."""
    match = _BEGUN.search(before)
    return (unescaped(match[1]), match.start()) if match else None


def reference_to(path: str) -> str:
    """How a path is written in a message."""
    return "@" + escaped(path)


def escaped(path: str) -> str:
    """A path as one word."""
    return _SPECIAL.sub(r"\\\1", path)


def unescaped(word: str) -> str:
    """The path that a word names."""
    return _ESCAPED.sub(r"\1", word)


def dropped_image(text: str) -> str | None:
    """The path of a picture that was dropped on the terminal: quoted, escaped or a file: URL."""
    word = text.strip()
    if len(word) > _LONGEST or "\n" in word:
        return None
    path = _bare(word)
    whole = path.startswith(("/", "~/"))
    return path if whole and path.lower().endswith(IMAGES) else None


def _bare(word: str) -> str:
    if word.startswith("file://"):
        return unquote(urlsplit(word).path)
    if len(word) > 1 and word[0] == word[-1] and word[0] in "'\"":
        return word[1:-1]
    return unescaped(word)
