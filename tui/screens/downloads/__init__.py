"""The download queue."""

from tui.screens.downloads.screen import DownloadsScreen

__all__ = ["DownloadsScreen"]
