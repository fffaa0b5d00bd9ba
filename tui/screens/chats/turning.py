"""All that can be done with the turns of a conversation."""

from tui.screens.chats.branching import Branching
from tui.screens.chats.copying import Copying
from tui.screens.chats.detailing import Detailing
from tui.screens.chats.queueing import Queueing


class Turning(Queueing, Branching, Copying, Detailing):
    """A page whose conversation's turns are queued, forked, deleted, copied and looked into."""
