"""The user's settings: config.toml, read with care and written with its comments kept."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from tui.domain.fits import read_size
from tui.domain.hosts import HostAddress
from tui.domain.language import _
from tui.domain.places import Places
from tui.domain.status import EMBEDDED, LOCAL
from tui.store.files import write_whole


class HostSetting(msgspec.Struct, frozen=True):
    """A server with a name of its own."""

    url: str = ""
    """Its address; empty for `local`, which is OLLAMA_HOST, and `embedded`."""
    vram: str = ""
    """The memory of its GPUs, such as `24 GB`: no server tells it."""


class Settings(msgspec.Struct, kw_only=True):
    """What the user chose. Every field has a default, so an empty file is a whole one."""

    theme: str = "auto"
    """What suits the terminal; `dusk`, `paper`, `ansi` or any theme of Textual's."""
    ascii: bool | None = None
    """Whether only ASCII is drawn; left out, as the terminal needs it."""
    host: str = ""
    """The host in use at start, by name."""
    pulls_at_once: int = 2
    check_updates: bool = True
    """Whether registries are asked, unasked, for newer versions of the models shown."""
    hosts: dict[str, HostSetting] = {}


class SettingsStore:
    """Loads settings, saying what it could not use, and adds to them."""

    def __init__(self, places: Places) -> None:
        self.path = places.config / "config.toml"

    def load(self) -> tuple[Settings, list[str]]:
        """The settings, and a sentence for each thing in the file that is not used."""
        if not self.path.exists():
            return Settings(), []
        import tomllib

        try:
            raw = tomllib.loads(self.path.read_text("utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            text = _(
                "{path} cannot be read: {why}. The defaults are used; the file stays as it is."
            )
            return Settings(), [text.format(path=self.path, why=error)]
        return self._checked(raw)

    def add_host(self, name: str, url: str) -> None:
        """Write one more host into the file. Raises OSError and ValueError (a file with errors)."""
        import tomlkit
        from tomlkit.exceptions import TOMLKitError

        table = tomlkit.table()
        table["url"] = url
        try:
            text = self.path.read_text("utf-8") if self.path.exists() else ""
            document = tomlkit.parse(text)
            document.setdefault("hosts", tomlkit.table(is_super_table=True))[name] = table
        except (TOMLKitError, UnicodeDecodeError, TypeError) as error:
            why = _("{path} has errors, so nothing was added: {why}.")
            raise ValueError(why.format(path=self.path, why=error)) from error
        target = self.path.resolve()  # it may be a link into a folder of settings
        write_whole(target, tomlkit.dumps(document).encode())

    def _checked(self, raw: dict[str, Any]) -> tuple[Settings, list[str]]:
        taken: dict[str, Any] = {"hosts": {}}
        complaints = []
        for name, key, part in _parts(raw):
            if key not in Settings.__struct_fields__:
                complaints.append(_unknown(self.path, key))
                continue
            try:
                _check(msgspec.convert({key: part}, Settings))
            except ValueError as error:  # msgspec's own errors are ValueErrors too
                text = _("{path}: {name} is not used: {why}.")
                complaints.append(text.format(path=self.path, name=name, why=error))
            else:
                taken[key] = taken[key] | part if key == "hosts" else part
        return msgspec.convert(taken, Settings), complaints


def _parts(raw: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Each setting by itself, and each host, so that a wrong one costs only itself."""
    for key, value in raw.items():
        if key == "hosts" and isinstance(value, dict):
            yield from ((f"hosts.{name}", key, {name: host}) for name, host in value.items())
        else:
            yield key, key, value


def _check(settings: Settings) -> None:
    """What types cannot say. Raises ValueError."""
    if settings.pulls_at_once < 1:
        raise ValueError(_("pulls_at_once must be 1 or more"))
    for name, setting in settings.hosts.items():
        if not setting.url and name not in (LOCAL, EMBEDDED):
            raise ValueError(_("it needs a url"))
        HostAddress.parse(setting.url)
        read_size(setting.vram or "0")


def _unknown(path: Path, key: str) -> str:
    import difflib

    close = difflib.get_close_matches(key, Settings.__struct_fields__, 1)
    text = _("{path}: there is no setting {key}.").format(path=path, key=key)
    return text + (" " + _("Did you mean {close}?").format(close=close[0]) if close else "")
