"""The models of the host in use."""

from tui.screens.models.screen import ModelsScreen

__all__ = ["ModelsScreen"]
