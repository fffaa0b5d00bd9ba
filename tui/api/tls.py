"""How connections to a host are encrypted, as its settings want it."""

import ssl

import httpx

from tui.api.errors import TLSFailed
from tui.domain.host_settings import HostSetting
from tui.domain.language import _
from tui.domain.places import home_path


def context_of(setting: HostSetting) -> ssl.SSLContext:
    """What a host is checked with and shown. Raises TLSFailed for files that cannot be used."""
    context = httpx.create_ssl_context(verify=setting.verify)
    if path := setting.ca_file:
        try:
            context.load_verify_locations(home_path(path))
        except (OSError, ValueError) as error:
            raise TLSFailed(_unusable("ca_file", path, error)) from None
    if path := setting.client_cert:
        key = setting.client_key
        try:
            context.load_cert_chain(
                home_path(path),
                home_path(key) if key else None,
                password=lambda: "",  # else OpenSSL asks on the terminal, over the screen
            )
        except (OSError, ValueError) as error:
            raise TLSFailed(_unusable("client_cert", f"{path} {key}".strip(), error)) from None
    return context


def _unusable(field: str, path: str, error: Exception) -> str:
    why = getattr(error, "strerror", "") or getattr(error, "reason", "") or str(error)
    text = _("{field} of this host cannot be used: {path}: {why}. It has to be PEM, unencrypted.")
    return text.format(field=field, path=path, why=why)
