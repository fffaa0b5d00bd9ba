"""What the program has written into its home."""

from pathlib import Path

from tui.domain.session import Message, Session
from tui.store.session_file import decode


def sessions(home: Path) -> list[Session]:
    """Every conversation on disk, oldest first."""
    return [decode(file.read_bytes()) for file in sorted(home.glob("data/sessions/*.json"))]


def answers(home: Path) -> list[Message]:
    """Every answer on disk."""
    return [
        message
        for session in sessions(home)
        for message in session.messages
        if message.role == "assistant"
    ]
