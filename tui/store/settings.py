"""The user's settings: config.toml, read with care and written with its comments kept."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from tui.domain.bandwidth import LEAST_BANDWIDTH, Bandwidth
from tui.domain.host_settings import HostSetting
from tui.domain.language import _
from tui.domain.places import Places
from tui.domain.status import EMBEDDED, LOCAL
from tui.store.files import write_whole

if TYPE_CHECKING:
    from tomlkit import TOMLDocument


class Settings(msgspec.Struct, kw_only=True):
    """What the user chose. Every field has a default, so an empty file is a whole one."""

    theme: str = "auto"
    """What suits the terminal; `dusk`, `paper`, `ansi` or any theme of Textual's."""
    ascii: bool | None = None
    """Whether only ASCII is drawn; left out, as the terminal needs it."""
    mouse: bool = True
    """Whether the program takes the mouse at its start."""
    notices: Literal["auto", "bell", "osc9", "osc777", "osc99", "off"] = "auto"
    """How a user who looks elsewhere is called."""
    host: str = ""
    """The host in use at start, by name."""
    titles: Literal["words", "model"] = "words"
    """Who names a new chat: its first words, or after the first answer its model."""
    bandwidth: Bandwidth = "auto"
    """How much is sent to the terminal."""
    pulls_at_once: int = 2
    check_updates: bool = True
    """Whether registries are asked, unasked, for newer versions of the models shown."""
    host_order: list[str] = []
    """How hosts are listed, by name; those it does not name come after it."""
    hosts: dict[str, HostSetting] = {}


class SettingsStore:
    """Loads settings, saying what it could not use, and adds to them."""

    def __init__(self, places: Places) -> None:
        self.path = places.config / "config.toml"

    def load(self) -> tuple[Settings, list[str]]:
        """The settings, and a sentence for each thing in the file that is not used."""
        try:
            text = self.path.read_text("utf-8")
            import tomllib

            raw = tomllib.loads(text)
        except (FileNotFoundError, NotADirectoryError):
            return Settings(), []
        except (OSError, ValueError) as error:  # those of UTF-8 and TOML are ValueErrors
            text = _(
                "{path} cannot be read: {why}. The defaults are used; the file stays as it is."
            )
            return Settings(), [text.format(path=self.path, why=error)]
        return self._checked(raw)

    def change(self, edit: "Callable[[TOMLDocument], None]") -> None:
        """Change the file, with all comments kept. Raises OSError and ValueError (for errors)."""
        import tomlkit
        from tomlkit.exceptions import TOMLKitError

        try:
            text = self.path.read_text("utf-8") if self.path.exists() else ""
            document = tomlkit.parse(text)
            edit(document)
        except (TOMLKitError, UnicodeDecodeError, TypeError, AttributeError) as error:
            why = _("{path} has errors, so nothing was changed: {why}.")
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
                why = str(error).partition(" - at `")[0].rstrip(".")
                complaints.append(text.format(path=self.path, name=name, why=why))
            else:
                taken[key] = taken[key] | part if key == "hosts" else part
                complaints += _unknown_in(self.path, part) if key == "hosts" else []
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
    if isinstance(settings.bandwidth, int) and settings.bandwidth < LEAST_BANDWIDTH:
        least = _("bandwidth is auto, low, full, or {least} bytes a second and more")
        raise ValueError(least.format(least=LEAST_BANDWIDTH))
    for name, setting in settings.hosts.items():
        if not setting.url and name not in (LOCAL, EMBEDDED):
            raise ValueError(_("it needs a url"))
        setting.check()


def _unknown_in(path: Path, hosts: dict[str, dict[str, Any]]) -> Iterator[str]:
    """What a host cannot be told; all else that it is told counts."""
    known = HostSetting.__struct_fields__
    for name, table in hosts.items():
        yield from (_unknown(path, f"hosts.{name}.{key}", known) for key in table.keys() - known)


def _unknown(path: Path, key: str, known: Sequence[str] = Settings.__struct_fields__) -> str:
    import difflib

    close = difflib.get_close_matches(key.rpartition(".")[2], known, 1)
    text = _("{path}: there is no setting {key}.").format(path=path, key=key)
    return text + (" " + _("Did you mean {close}?").format(close=close[0]) if close else "")
