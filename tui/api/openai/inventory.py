"""What serves at an address, and which models it has: asked for, and remembered for a moment."""

import time
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import msgspec

from tui.api.base import PATIENCE
from tui.api.errors import ModelNotFound, OllamaError
from tui.api.openai.listing import Entry, window_of
from tui.api.openai.makes import (
    LITELLM,
    LLAMA_CPP,
    OTHER,
    Make,
    Software,
    make_of,
    makes_of,
    software_of,
    windows_of,
)
from tui.api.openai.refusals import read
from tui.domain.language import _

if TYPE_CHECKING:
    from tui.api.connection import Connection

_RECENT = 1.0
"""Seconds for which a list of models is good enough: a look at a host asks for it thrice."""
_LONG, _SELDOM = 50_000, 300.0
"""Bytes from which a list is asked for only every so many seconds: some have 400 models."""
_SHUT = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
_BRIEF = 5.0
"""Seconds that a question about the server itself may take."""
_NAMED = 6
"""As many models as an error lists."""


class _Listing(msgspec.Struct, frozen=True):
    data: list[dict[str, Any]]


class Inventory:
    """Of one server. Calls raise OllamaError."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection
        self.found: Software | None = None
        """What serves there; None until it was asked, and after it could not be."""
        self.unknown = set[str]()
        """Fields of questions that it refused."""
        self._entries: Sequence[Entry] = ()
        self._seen_at = -_RECENT
        self._listed_at = -_SELDOM
        self._bytes = 0
        """Of the list."""

    @property
    def software(self) -> Software:
        """What serves there, as far as that is known."""
        return self.found or Software(OTHER)

    @property
    def make(self) -> Make:
        """Whose server it is."""
        return self.software.make

    async def know(self, model: str = "") -> Make:
        """Find out whose server it is, unless that is known, or what serves a model behind it."""
        if self.found is None:
            await self.look()
        return self.software.make_for(model)

    async def entries(self) -> Sequence[Entry]:
        """The list of models, of a moment ago at most."""
        if time.monotonic() - self._seen_at > _RECENT:
            await self.look()
        return self._entries

    async def entry(self, model: str) -> Entry:
        """What the list says of a model. Raises ModelNotFound."""
        entries = await self.entries()
        for each in entries:
            if each["id"] == model:
                return each
        text = _("{where} does not serve {model}. It serves {models}.")
        names = ", ".join(str(each["id"]) for each in entries[:_NAMED]) or _("nothing now")
        names += ", …" if len(entries) > _NAMED else ""
        where = self._connection.where
        raise ModelNotFound(text.format(where=where, model=model, models=names), model)

    def window(self, model: str) -> int:
        """Tokens that a question and its answer may take; 0 where that is not known."""
        found = (window_of(each, self.software) for each in self._entries if each["id"] == model)
        return next(found, 0)

    async def look(self) -> None:
        """Ask for the models; and whose server it is, unless that is known."""
        try:
            if self._is_known_for_long:
                await self._knock()
            else:
                self._entries = await self._listed(self.make.lists)
        except OllamaError:
            self.found = None  # what comes back may be another
            self.unknown.clear()
            raise
        # A llama.cpp that is loading tells nothing of itself yet.
        if self.found is None or (self.make is LLAMA_CPP and not self.found.told):
            self.found = await self._identified()
        self._seen_at = time.monotonic()

    async def told(self, path: str) -> Mapping[str, Any]:
        """What the server says of itself; nothing where it does not know the path."""
        try:
            raw = await self._connection.ask("GET", path, patience=_BRIEF)
            return read(dict[str, Any], raw, self._connection.where)
        except OllamaError:
            return {}

    @property
    def _is_known_for_long(self) -> bool:
        """Whether the list is too long to be asked for at every look, and not too old."""
        is_fresh = time.monotonic() - self._listed_at < _SELDOM
        return self.found is not None and self._bytes > _LONG and is_fresh

    async def _knock(self) -> None:
        """Hear whether the server is there and lets us in; it need not like the question."""
        async with self._connection.send("HEAD", self.make.lists, patience=_BRIEF) as response:
            if response.status_code in _SHUT or response.is_server_error:
                await self._connection.check(response)

    async def _listed(self, path: str) -> Sequence[Entry]:
        raw = await self._connection.ask("GET", path, patience=PATIENCE)
        self._listed_at, self._bytes = time.monotonic(), len(raw)
        found = read(_Listing, raw, self._connection.where).data
        return [each for each in found if each.get("id")]

    async def _identified(self) -> Software:
        make = make_of(self._entries)
        for path in make.versions:
            if told := await self.told(path):
                return await self._whole(software_of(make, told))
        if make.lists != OTHER.lists:
            try:
                self._entries = await self._listed(make.lists)
            except OllamaError:  # an older one
                return Software(make._replace(lists=OTHER.lists, tells_loaded=False))
        return Software(make)

    async def _whole(self, software: Software) -> Software:
        """With what a server that passes questions on tells in another place."""
        if software.make is not LITELLM:
            return software
        told = await self.told("/model/info")
        return software._replace(windows=windows_of(told), makes=makes_of(told))
