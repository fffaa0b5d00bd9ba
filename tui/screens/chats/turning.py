"""All that can be done with the turns of a conversation."""

from tui.screens.chats.branching import Branching
from tui.screens.chats.queueing import Queueing


class Turning(Queueing, Branching):
    """A page whose conversation's turns are queued, forked and deleted."""
