"""What the command line asks the program to begin with."""

import msgspec


class Start(msgspec.Struct, frozen=True):
    """Where to begin; all empty is where the user left off."""

    model: str = ""
    """Straight into a chat with this model."""
    session: str = ""
    """The id of the conversation to open."""
    prompt: str = ""
    """What to ask at once."""
    switches: tuple[str, ...] = ()
    """How conversations are to look, in the words that `/set` takes."""
