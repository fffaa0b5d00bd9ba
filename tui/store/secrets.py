"""The user's secrets: secrets.toml, for nobody but its owner."""

import stat
from typing import Any

import msgspec

from tui.domain.host_settings import HostSecrets
from tui.domain.language import _
from tui.domain.places import Places
from tui.store.files import write_whole


class SecretStore:
    """Loads the secrets of hosts, saying what it could not use, and keeps them."""

    def __init__(self, places: Places) -> None:
        self.path = places.config / "secrets.toml"

    def load(self) -> tuple[dict[str, HostSecrets], list[str]]:
        """Secrets by the name of their host, and a sentence for each thing that is not used."""
        try:
            text = self.path.read_text("utf-8")
            import tomllib

            raw = tomllib.loads(text)
            mode = self.path.stat().st_mode
        except (FileNotFoundError, NotADirectoryError):
            return {}, []
        except (OSError, ValueError) as error:  # those of UTF-8 and TOML are ValueErrors
            # What TOML says of a line can hold a part of it.
            why = error.strerror if isinstance(error, OSError) else _("it is not TOML")
            text = _("{path} cannot be read: {why}. No secret is used; the file stays as it is.")
            return {}, [text.format(path=self.path, why=why)]
        found, complaints = self._checked(raw.get("hosts"))
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            text = _("{path} can be read by others. chmod 600 {path} mends that.")
            complaints.append(text.format(path=self.path))
        return found, complaints

    def keep(self, name: str, secrets: HostSecrets) -> None:
        """Write down the secrets of a host. Raises OSError and ValueError (a file with errors)."""
        known, _complaints = self.load()
        if known.get(name, HostSecrets()) == secrets:
            return
        import tomlkit
        from tomlkit.exceptions import TOMLKitError

        try:
            text = self.path.read_text("utf-8") if self.path.exists() else ""
            document = tomlkit.parse(text)
            hosts = document.setdefault("hosts", tomlkit.table(is_super_table=True))
            hosts.pop(name, None)
            if said := _said(secrets):
                hosts[name] = said
        except (TOMLKitError, UnicodeDecodeError, TypeError, AttributeError):
            why = _("{path} has errors, so nothing was changed in it.")
            raise ValueError(why.format(path=self.path)) from None
        write_whole(self.path.resolve(), tomlkit.dumps(document).encode())

    def _checked(self, hosts: Any) -> tuple[dict[str, HostSecrets], list[str]]:  # noqa: ANN401
        found, complaints = {}, []
        for name, table in hosts.items() if isinstance(hosts, dict) else ():
            try:
                secrets = msgspec.convert(table, HostSecrets)
                secrets.check()
            except ValueError as error:  # msgspec's own errors are ValueErrors too
                text = _("{path}: hosts.{name} is not used: {why}.")
                complaints.append(text.format(path=self.path, name=name, why=error))
            else:
                found[name] = secrets
        return found, complaints


def _said(secrets: HostSecrets) -> dict[str, Any]:
    """What there is to write down."""
    return {key: value for key, value in msgspec.structs.asdict(secrets).items() if value}
