"""What the files say of every host: read once, and written when it changes."""

from collections.abc import Sequence
from functools import partial

from tui.api.access import Access
from tui.domain.host_drafts import HostDraft
from tui.domain.host_settings import HostSecrets, HostSetting
from tui.domain.places import Places
from tui.store.secrets import SecretStore
from tui.store.settings import Settings, SettingsStore


class ConfiguredHosts:
    """Settings and secrets by the host's name. What cannot be written changes nothing here."""

    def __init__(self, places: Places, settings: Settings) -> None:
        self._settings = SettingsStore(places)
        self._secrets = SecretStore(places)
        self._known = {**settings.hosts}
        self._hidden, self.complaints = self._secrets.load()
        """By name; and what in their file is not used."""
        self.order: Sequence[str] = settings.host_order
        self.default = settings.host
        """The host in use at start; empty for the last used."""

    def draft(self, name: str) -> HostDraft:
        """What the files say of a host."""
        setting, secrets = self._known.get(name), self._hidden.get(name)
        return HostDraft(name, setting or HostSetting(), secrets or HostSecrets())

    def access(self, name: str) -> Access:
        """What a host wants of those who ask."""
        draft = self.draft(name)
        return Access(draft.setting, draft.secrets)

    def put(self, draft: HostDraft) -> None:
        """Write what a host is like. Raises ValueError and OSError."""
        from tui.store.host_tables import put_host

        name, setting, secrets = draft.name, draft.setting, draft.secrets
        setting.check()
        secrets.check()
        self._secrets.keep(name, secrets)
        self._settings.change(partial(put_host, name=name, setting=setting))
        self._known[name], self._hidden[name] = setting, secrets

    def remove(self, name: str) -> None:
        """Forget a host. Raises ValueError and OSError."""
        from tui.store.host_tables import remove_host

        self._settings.change(partial(remove_host, name=name))
        self._secrets.keep(name, HostSecrets())
        self._known.pop(name, None)
        self._hidden.pop(name, None)
        self.order = [each for each in self.order if each != name]
        self.default = "" if self.default == name else self.default

    def put_in_order(self, names: Sequence[str]) -> None:
        """Write down how hosts are listed. Raises ValueError and OSError."""
        from tui.store.host_tables import order_hosts

        self._settings.change(partial(order_hosts, names=names))
        self.order = [*names]

    def make_default(self, name: str) -> None:
        """Begin with this host, from the next start on. Raises ValueError and OSError."""
        from tui.store.host_tables import begin_with

        self._settings.change(partial(begin_with, name=name))
        self.default = name
