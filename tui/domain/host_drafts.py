"""A host while it is being edited: each setting as a text, secrets masked."""

from collections.abc import Callable, Mapping

import msgspec

from tui.domain.fits import read_size
from tui.domain.host_settings import (
    HostSecrets,
    HostSetting,
    Source,
    apart,
    check_header,
    check_proxy,
    check_timeout,
    check_user,
)
from tui.domain.hosts import HostAddress, HostKind
from tui.domain.language import _

FIELDS = (
    "name", "url", "kind", "user", "key", "headers", "ca_file", "client_cert", "client_key",
    "verify", "connect_timeout", "proxy", "vram",
)  # fmt: skip
MASK = "********"


class HostDraft(msgspec.Struct, frozen=True):
    """What a host would be like if it were saved."""

    name: str
    setting: HostSetting = HostSetting()
    secrets: HostSecrets = HostSecrets()

    @property
    def speaks(self) -> HostKind:
        """What its server speaks, by its address or its kind."""
        url = self.setting.url
        return self.setting.speaks(HostAddress.parse(url)) if url else self.setting.kind

    def told(self, field: str) -> str:
        """A setting for the user's eyes; empty while it is the default."""
        tell = _TELLING.get(field)
        return tell(self) if tell else str(getattr(self.setting, field))

    def changed(self, field: str, text: str) -> "HostDraft":
        """The draft with another value. Raises ValueError, which repeats no secret."""
        if field == "name":
            return msgspec.structs.replace(self, name=text)
        if check := _CHECKS.get(field):
            check(text)
        value = _VALUES[field](text) if field in _VALUES else text
        hidden = {field: ""} if field in _HIDDEN else {}
        if field == "key" and Source.of(text) is None:
            value, hidden = "", {"key": text}
        return self._with({field: value}, hidden)

    def with_header(self, name: str, value: str) -> "HostDraft":
        """The draft with one more header, or without it. Raises ValueError."""
        check_header(name)
        plain = {key: each for key, each in self.setting.headers.items() if key != name}
        hidden = {key: each for key, each in self.secrets.headers.items() if key != name}
        if value:
            (plain if Source.of(value) else hidden)[name] = value
        return self._with({"headers": plain}, {"headers": hidden})

    def without(self, field: str) -> "HostDraft":
        """The draft with the default of a setting."""
        hidden = {field: getattr(HostSecrets(), field)} if field in _HIDDEN else {}
        return self._with({field: getattr(HostSetting(), field)}, hidden)

    def _with(self, values: Mapping[str, object], hidden: Mapping[str, object]) -> "HostDraft":
        setting = msgspec.structs.replace(self.setting, **values)
        secrets = msgspec.structs.replace(self.secrets, **hidden)
        return HostDraft(self.name, *apart(setting, secrets))


def _key(key: str) -> str:
    """Where a key is kept; the words of a command may be secret themselves."""
    source = Source.of(key)
    if source is None:
        return ""
    said = {
        "env": _("variable {what}"),
        "file": _("file {what}"),
        "command": _("command {what}"),
    }[source.kind]
    what = source.what.split(maxsplit=1)[0] if source.kind == "command" else source.what
    return said.format(what=what)


def _seconds(text: str) -> float:
    try:
        seconds = float(text.strip().removesuffix("s"))
    except ValueError:
        raise ValueError(_("connect_timeout is a number of seconds above 0")) from None
    check_timeout(seconds)
    return seconds


def _seconds_told(draft: HostDraft) -> str:
    seconds = draft.setting.connect_timeout
    return "" if seconds == HostSetting().connect_timeout else f"{seconds:g} s"


def _proxy(draft: HostDraft) -> str:
    scheme, _colons, rest = draft.secrets.proxy.partition("://")
    return f"{scheme}://{MASK}@{rest.rpartition('@')[2]}" if rest else draft.setting.proxy


_HIDDEN = HostSecrets.__struct_fields__
_TELLING: dict[str, Callable[[HostDraft], str]] = {
    "name": lambda draft: draft.name,
    "kind": lambda draft: "" if draft.speaks == "ollama" else _("OpenAI API"),
    "key": lambda draft: _key(draft.setting.key) or (MASK if draft.secrets.key else ""),
    "headers": lambda draft: ", ".join({**draft.setting.headers, **draft.secrets.headers}),
    "verify": lambda draft: "" if draft.setting.verify else _("no"),
    "connect_timeout": _seconds_told,
    "proxy": _proxy,
}
_CHECKS: dict[str, Callable[[str], object]] = {
    "url": HostAddress.parse,
    "user": check_user,
    "vram": lambda text: read_size(text or "0"),
    "proxy": check_proxy,
}
_VALUES: dict[str, Callable[[str], object]] = {
    "verify": lambda text: text != "no",
    "connect_timeout": _seconds,
}
