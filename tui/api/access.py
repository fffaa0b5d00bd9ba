"""What a server wants of those who ask: credentials, wherever they are kept, and the way to it."""

import asyncio
import base64
import os
import time
from collections.abc import Iterator, Mapping

import msgspec

from tui.api.errors import KeyMissing
from tui.api.sources import said
from tui.domain.host_settings import HostSecrets, HostSetting, Source
from tui.domain.hosts import HostAddress
from tui.domain.language import _

_CLOUD, _CLOUD_KEY = "ollama.com", "OLLAMA_API_KEY"
_SECRET_WORDS = ("auth", "cookie", "key", "token", "secret", "pass")
"""In the name of a header: its value is never shown, wherever it stands."""
_RENEWAL = 60.0
"""Seconds for which a key that was read anew is good enough, should it be refused again."""


class Access:
    """The settings and secrets of one host. Keys are read when they are first needed."""

    def __init__(
        self, setting: HostSetting | None = None, secrets: HostSecrets | None = None
    ) -> None:
        self.setting = setting or HostSetting()
        self._secrets = secrets or HostSecrets()
        self._read: dict[Source, str] = {}
        """What sources had to say."""
        self._reading = asyncio.Lock()
        self._renewed = -_RENEWAL

    @property
    def proxy(self) -> str:
        """The proxy that this host is asked through; empty for the environment's."""
        return self._secrets.proxy or self.setting.proxy

    async def headers(self, address: HostAddress, *, fresh: bool = False) -> dict[str, str]:
        """What every request carries; `fresh` reads keys again. Raises KeyMissing."""
        async with self._reading:
            if fresh and time.monotonic() - self._renewed >= _RENEWAL:
                self._renewed = time.monotonic()
                self._read.clear()
            found = {name: await self._value(text) for name, text in self._wanted.items()}
            if credentials := await self._authorization(address):
                found = {"Authorization": credentials} | found
        return found

    def plus(self, header: str, value: str) -> "Access":
        """The same with one more header."""
        headers = {**self.setting.headers, header: value}
        return Access(msgspec.structs.replace(self.setting, headers=headers), self._secrets)

    def given(self, address: HostAddress) -> bool:
        """Whether anything is sent that says who asks."""
        key = self._key(address)
        return bool(key or self.setting.user or address.userinfo or self._secrets.headers)

    def hidden(self, address: HostAddress) -> list[str]:
        """What no text may say, the longest first."""
        found = {each for each in self._known(address) if each}
        written = {msgspec.json.encode(each).decode()[1:-1] for each in found}
        return sorted(found | written, key=len, reverse=True)

    def mask(self, text: str, address: HostAddress) -> str:
        """The text without any secret."""
        for secret in self.hidden(address):
            text = text.replace(secret, "***")
        return text

    @property
    def _wanted(self) -> Mapping[str, str]:
        return {**self.setting.headers, **self._secrets.headers}

    def _key(self, address: HostAddress) -> str:
        """The key, or its source."""
        if key := self.setting.key or self._secrets.key:
            return key
        cloud = (address.scheme, address.host) == ("https", _CLOUD)
        return f"env:{_CLOUD_KEY}" if cloud and os.environ.get(_CLOUD_KEY) else ""

    async def _authorization(self, address: HostAddress) -> str:
        key = await self._value(self._key(address))
        if self.setting.user:
            return _basic(f"{self.setting.user}:{key}")
        if key:
            return f"Bearer {key}"
        return _basic(address.userinfo) if address.userinfo else ""

    def _known(self, address: HostAddress) -> Iterator[str]:
        key = self._literal(self._key(address))
        user = self.setting.user
        pair = f"{user}:{key}" if user and key else "" if user else address.userinfo
        yield from (key, pair, pair.partition(":")[2], _basic(pair).partition(" ")[2])
        yield self.proxy.rpartition("@")[0].rpartition("//")[2]
        for name, text in self._wanted.items():
            is_plain = name in self.setting.headers and Source.of(text) is None
            if not is_plain or any(word in name.lower() for word in _SECRET_WORDS):
                yield self._literal(text)

    def _literal(self, text: str) -> str:
        """A secret as far as it is known by now."""
        source = Source.of(text)
        return self._read.get(source, "") if source else text

    async def _value(self, text: str) -> str:
        source = Source.of(text)
        if source is None:
            return _sendable(text)
        if source not in self._read:
            self._read[source] = _sendable(await said(source))
        return self._read[source]


def _basic(pair: str) -> str:
    return f"Basic {base64.b64encode(pair.encode()).decode()}" if pair else ""


def _sendable(value: str) -> str:
    """The value, if a header can carry it. What it is, is not said."""
    if not (value.isascii() and value.isprintable()):
        raise KeyMissing(_("A key or header of this host has characters that no header can carry."))
    return value
