"""Where somebody looks: those hosts are asked more often than the others."""

from dataclasses import dataclass


@dataclass
class Attention:
    """Changed by whoever knows what is on the screen."""

    in_use: str
    """The host for new chats, models and pulls, which every screen shows."""
    everything: bool = False
    """Whether all hosts are on the screen."""
    away: bool = False
    """Whether the terminal has lost the focus."""

    def is_on(self, name: str) -> bool:
        """Whether somebody looks at this host."""
        return not self.away and (self.everything or name == self.in_use)
