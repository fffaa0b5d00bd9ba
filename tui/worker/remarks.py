"""What a server is not asked for, told once a conversation."""

from collections.abc import Iterable

from tui.worker.events import Events, Notice


class Remarks:
    """Remembers what was said of which conversation."""

    def __init__(self, events: Events) -> None:
        self._events = events
        self._said: set[tuple[str, str]] = set()

    def tell(self, session_id: str, texts: Iterable[str]) -> None:
        """Tell what was not told there before."""
        for text in texts:
            if (session_id, text) not in self._said:
                self._said.add((session_id, text))
                self._events.tell(Notice(text, "warning"))
