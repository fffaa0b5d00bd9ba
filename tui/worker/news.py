"""What is new in Ollama's library, beyond the list that is shipped."""

import asyncio
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from tui.api.errors import OllamaError
from tui.domain.listed import Listed, Tag
from tui.store.catalogue import Catalogue, shipped

if TYPE_CHECKING:
    from tui.api.library import Library

_MOST = 40
"""Models at most whose variants are asked for one by one: a page each."""
_AT_ONCE = 4


class News:
    """Reads the library's pages when it is asked to; nothing needs them."""

    def __init__(self, catalogue: Catalogue, url: str = "https://ollama.com") -> None:
        self._catalogue = catalogue
        self._url = url

    async def fetch(self) -> int:
        """Learn what is new; how many models are. Raises OllamaError."""
        from tui.api.library import Library

        known = {model.name for model in self._catalogue.listed()}
        # Its certificates take a while to read.
        async with await asyncio.to_thread(Library, self._url) as library:
            models = await library.models()
            news = {model.name: model for model in models if _is_new(model)}
            for name, tags in await _tags(library, [*news][:_MOST]):
                news[name] = msgspec.structs.replace(news[name], tags=tags)
        self._catalogue.learn([news.get(each.name, each) for each in models], time.time())
        return len({model.name for model in models} - known)


def _is_new(model: Listed) -> bool:
    """Whether there is a variant of which the shipped list does not tell the size."""
    known = next((each for each in shipped() if each.name == model.name), None)
    return known is None or not {tag.tag for tag in model.tags} <= {tag.tag for tag in known.tags}


async def _tags(library: "Library", names: Sequence[str]) -> list[tuple[str, list[Tag]]]:
    """The variants of models; what cannot be had is left out."""
    turn = asyncio.Semaphore(_AT_ONCE)

    async def ask(name: str) -> tuple[str, list[Tag]]:
        async with turn:
            try:
                return name, await library.tags(name)
            except OllamaError:
                return name, []

    return [each for each in await asyncio.gather(*map(ask, names)) if each[1]]
