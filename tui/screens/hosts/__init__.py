"""The servers."""

from tui.screens.hosts.screen import HostsScreen

__all__ = ["HostsScreen"]
