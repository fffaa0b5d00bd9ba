"""What the command line asks the program to begin with."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Start:
    """Where to begin; all empty is where the user left off."""

    model: str = ""
    """Straight into a chat with this model."""
    session: str = ""
    """The id of the conversation to open."""
    prompt: str = ""
    """What to ask at once."""
