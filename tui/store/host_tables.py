"""Hosts in the document of config.toml: only what changes is written anew."""

from collections.abc import Sequence

import msgspec
import tomlkit
from tomlkit import TOMLDocument

from tui.domain.host_settings import HostSetting


def put_host(document: TOMLDocument, name: str, setting: HostSetting) -> None:
    """Write what a host is like. Comments, and what this version does not know, are kept."""
    hosts = document.setdefault("hosts", tomlkit.table(is_super_table=True))
    table = hosts.get(name, tomlkit.table())
    default = HostSetting()
    for key, value in msgspec.structs.asdict(setting).items():
        if value == getattr(default, key):
            table.pop(key, None)
        elif table.get(key) != value:
            table[key] = value
    if name not in hosts:
        hosts[name] = table


def remove_host(document: TOMLDocument, name: str) -> None:
    """Forget a host."""
    document.get("hosts", {}).pop(name, None)
    if name in document.get("host_order", ()):
        document["host_order"].remove(name)
    if document.get("host") == name:
        document.pop("host")


def order_hosts(document: TOMLDocument, names: Sequence[str]) -> None:
    """Write down how hosts are listed."""
    document["host_order"] = [*names]


def begin_with(document: TOMLDocument, name: str) -> None:
    """Write down which host is in use at start; an empty name is the last used."""
    if name:
        document["host"] = name
    else:
        document.pop("host", None)
