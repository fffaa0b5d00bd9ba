"""Reads the web pages of Ollama's library, which has no other list of its models."""

from types import TracebackType
from typing import Self

import httpx

from tui.api.errors import OllamaError, Unreachable
from tui.api.library_pages import models_of, tags_of
from tui.domain.language import _
from tui.domain.listed import Listed, Tag

_TIMEOUT = httpx.Timeout(20.0, connect=5.0)


class LibraryUnreachable(Unreachable):
    """The pages cannot be had."""


class Library:
    """A client for the pages."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._http = httpx.AsyncClient(timeout=_TIMEOUT, follow_redirects=True)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._http.aclose()

    async def models(self) -> list[Listed]:
        """Every model of the library. Raises OllamaError."""
        found = models_of(await self._page("/library"))
        if not found:
            text = _("{url} has another form than this version can read.")
            raise OllamaError(text.format(url=f"{self._url}/library"))
        return found

    async def tags(self, name: str) -> list[Tag]:
        """Every variant of a model. Raises OllamaError."""
        return tags_of(await self._page(f"/library/{name}/tags"), name)

    async def _page(self, path: str) -> str:
        try:
            response = await self._http.get(self._url + path)
            response.raise_for_status()
        except httpx.HTTPError as error:
            text = _("{url} cannot be read: {reason}.")
            reason = str(error).partition("\n")[0] or type(error).__name__
            raise LibraryUnreachable(text.format(url=self._url + path, reason=reason)) from error
        return response.text
