"""What the transcript is given: messages, where they stand among their alternatives, what runs."""

from datetime import datetime

import msgspec

from tui.domain.language import _
from tui.domain.replies import Phase
from tui.domain.session import Message


class Live(msgspec.Struct, frozen=True):
    """What a running answer is doing."""

    phase: Phase
    since: datetime
    """When the phase began."""
    detail: str = ""
    """Whom it is queued behind, or what is being loaded."""
    note: str = ""
    """What follows the seconds: `first in line`."""
    tokens_per_second: float = 0.0

    def seconds(self, now: datetime) -> int:
        """Whole seconds since the phase began."""
        return max(int((now - self.since).total_seconds()), 0)


class Entry(msgspec.Struct, frozen=True):
    """One message of the branch shown."""

    message: Message
    place: tuple[int, int] = (1, 1)
    """Which of how many alternatives it is."""
    live: Live | None = None
    thought: float = 0.0
    """Seconds of thinking; 0 where nobody counted them."""
    context: int = 0
    """Tokens of context it was answered with; 0 where not known."""
    host: str = ""
    """Who answered, where that is not the host of the session."""

    @property
    def answerer(self) -> str:
        """The model, with the name of its host if that is not the session's."""
        return f"{self.host}/{self.message.model}" if self.host else self.message.model


def phase_words(phase: Phase, detail: str = "") -> tuple[str, str]:
    """What a phase is called, and whom or what it is about."""
    match phase:
        case "queued":
            return (_("queued behind"), detail) if detail else (_("queued"), "")
        case "loading":
            return (_("loading"), detail) if detail else (_("loading the model"), "")
    words = {
        "connecting": _("connecting"),
        "reading": _("reading the prompt"),
        "thinking": _("thinking"),
        "answering": _("answering"),
    }
    return words[phase], ""
