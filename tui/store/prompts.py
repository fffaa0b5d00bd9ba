"""The user's library of prompts: Markdown files, to be written with any editor."""

import re
from pathlib import Path

import msgspec

from tui.domain.places import Places
from tui.store.files import files_in
from tui.store.writer import Writer

_HEADING = re.compile(r"\s*#{1,6}[ \t]+(?P<title>[^\n]*\S)[ \t]*(?:\n|$)")
_UNFIT = re.compile(r"[^\w.+-]+")
_LONGEST = 60
"""Characters of a file's name."""


class SavedPrompt(msgspec.Struct, frozen=True):
    """One prompt of the library."""

    title: str
    text: str


class PromptStore:
    """Reads all prompts, and adds to them."""

    def __init__(self, places: Places, writer: Writer) -> None:
        self.folder = places.data / "prompts"
        self._writer = writer
        self._written: set[Path] = set()
        """Files that may not be on disk yet."""

    def all(self) -> list[SavedPrompt]:
        """Every prompt that can be read, by title."""
        found = [self._read(path) for path in files_in(self.folder, ".md")]
        return sorted((each for each in found if each), key=lambda one: one.title.casefold())

    def save(self, title: str, text: str) -> Path:
        """Keep a prompt under a title, in a file of its own."""
        path = self._free(_UNFIT.sub("-", title).strip("-.")[:_LONGEST] or "prompt")
        self._written.add(path)
        self._writer.write(path, f"# {title}\n\n{text.strip()}\n".encode(errors="replace"))
        return path

    def _free(self, name: str) -> Path:
        path, number = self.folder / f"{name}.md", 2
        while path in self._written or path.exists():
            path, number = self.folder / f"{name}-{number}.md", number + 1
        return path

    def _read(self, path: Path) -> SavedPrompt | None:
        """The heading that a file begins with is its title, else its name is."""
        try:
            text = path.read_bytes().decode(errors="replace")
        except OSError:
            return None
        heading = _HEADING.match(text)
        if heading is None:
            return SavedPrompt(path.stem, text.strip())
        return SavedPrompt(heading["title"].rstrip("# "), text[heading.end() :].strip())
