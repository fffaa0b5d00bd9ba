"""How the user likes to see conversations, whichever it is."""

import msgspec


class ChatView(msgspec.Struct, frozen=True, omit_defaults=True):
    """What `/set` and keys switch for all conversations, until they are switched back."""

    wraps: bool = True
    """Whether lines of code that are too long go on in the next line, or can be scrolled to."""
    verbose: bool = False
    """Whether counts and times stand below each answer."""
    thoughts: bool = False
    """Whether what was thought is unfolded."""
