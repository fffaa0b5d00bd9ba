"""All that can be done with the turns of a conversation."""

from tui.screens.chats.branching import Branching
from tui.screens.chats.comparing import Comparing
from tui.screens.chats.copying import Copying
from tui.screens.chats.detailing import Detailing
from tui.screens.chats.queueing import Queueing


class Turning(Queueing, Branching, Copying, Comparing, Detailing):
    """A page whose turns are queued, forked, deleted, copied, compared and looked into."""
