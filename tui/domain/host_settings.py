"""A host as the configuration has it: where it is, and what it wants of those who ask."""

import re
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

import msgspec

from tui.domain.fits import read_size
from tui.domain.hosts import V1, HostAddress, HostKind
from tui.domain.language import _

NO_PROXY = "none"
"""As the proxy of a host: go past those of the environment."""

_PROXIES = ("http", "https", "socks5", "socks5h")
_LONGEST = 3600.0
_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


Kind = Literal["env", "file", "command"]

_KINDS: dict[str, Kind] = {"env": "env", "file": "file", "command": "command"}


class Source(NamedTuple):
    """Where a secret is kept instead of in our files."""

    kind: Kind
    what: str
    """A variable, a path, or a line for the shell."""

    @classmethod
    def of(cls, text: str) -> "Source | None":
        """The source that `env:NAME`, `file:PATH` or `command:WORDS` says; None for the rest."""
        said, _colon, what = text.partition(":")
        kind = _KINDS.get(said)
        return cls(kind, what.strip()) if kind and what.strip() else None


class HostSetting(msgspec.Struct, frozen=True, kw_only=True):
    """A table `[hosts.NAME]` of config.toml."""

    kind: HostKind = "ollama"
    """What it speaks."""
    url: str = ""
    """Its address; empty for `local`, which is OLLAMA_HOST, and `embedded`."""
    user: str = ""
    """For Basic; the key is its password. Without a user the key is a Bearer token."""
    key: str = ""
    """A source; a key of no source stands in secrets.toml."""
    headers: dict[str, str] = {}
    """What else is sent; a value may be a source."""
    ca_file: str = ""
    """Certificates to trust beside those that everybody trusts."""
    client_cert: str = ""
    client_key: str = ""
    """Where it is not in the same file as the certificate."""
    verify: bool = True
    """Whether its certificate has to be valid."""
    connect_timeout: float = 5.0
    """Seconds until it has to take the call."""
    proxy: str = ""
    """Empty for what the environment says, `none` for the straight way."""
    vram: str = ""
    """The memory of its GPUs, such as `24 GB`: no server tells it."""

    def speaks(self, address: HostAddress) -> HostKind:
        """What its server speaks: an address that ends in /v1 says so, too."""
        return "openai" if address.path.endswith(V1) else self.kind

    def check(self) -> None:
        """Raise ValueError for what types cannot say; it repeats no value, which may be a key."""
        HostAddress.parse(self.url)
        read_size(self.vram or "0")
        check_key(self.key)
        for name in self.headers:
            check_header(name)
        check_user(self.user)
        check_proxy(self.proxy)
        check_timeout(self.connect_timeout)


class HostSecrets(msgspec.Struct, frozen=True, kw_only=True):
    """A table `[hosts.NAME]` of secrets.toml."""

    key: str = ""
    headers: dict[str, str] = {}
    proxy: str = ""
    """An address with a password in it."""

    def __repr__(self) -> str:
        return "HostSecrets(***)"

    def check(self) -> None:
        """Raise ValueError for what types cannot say; it repeats no value."""
        for name in self.headers:
            check_header(name)
        check_proxy(self.proxy)


def apart(setting: HostSetting, secrets: HostSecrets) -> tuple[HostSetting, HostSecrets]:
    """Both, with passwords moved from addresses to the secrets. Raises ValueError."""
    address = HostAddress.parse(setting.url)
    if address.userinfo:
        user, _colon, password = address.userinfo.partition(":")
        head, separator, rest = setting.url.rpartition("://")
        where, slash, path = rest.partition("/")
        url = f"{head}{separator}{where.rpartition('@')[2]}{slash}{path}"
        setting = msgspec.structs.replace(setting, url=url, user=user, key="")
        secrets = msgspec.structs.replace(secrets, key=password)
    if "@" in setting.proxy:
        secrets = msgspec.structs.replace(secrets, proxy=setting.proxy)
        setting = msgspec.structs.replace(setting, proxy="")
    return setting, secrets


def check_key(key: str) -> None:
    """Refuse a key that stands where none should."""
    if key and Source.of(key) is None:
        raise ValueError(
            _("a key belongs into secrets.toml; here it is env:NAME, file:PATH or command:WORDS")
        )


def check_header(name: str) -> None:
    """Refuse what cannot be the name of a header."""
    if not _HEADER.fullmatch(name):
        raise ValueError(_("the name of a header has no spaces and no colons"))


def check_user(user: str) -> None:
    """Refuse a user that Basic cannot send."""
    if ":" in user:
        raise ValueError(_("a user's name has no colon; the password is the key"))


def check_proxy(proxy: str) -> None:
    """Refuse a proxy that nobody could ask."""
    if proxy in ("", NO_PROXY):
        return
    try:
        parts = urlsplit(proxy)
        known = parts.scheme in _PROXIES and parts.hostname and parts.port != 0
    except ValueError:
        known = False
    if not known:  # what is wrong with it may be a part of its password
        raise ValueError(_("a proxy is http://..., https://..., socks5://..., or none")) from None


def check_timeout(seconds: float) -> None:
    """Refuse a time in which nobody answers."""
    if not 0 < seconds <= _LONGEST:
        raise ValueError(_("connect_timeout is a number of seconds above 0"))
