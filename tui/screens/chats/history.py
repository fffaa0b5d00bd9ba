"""What was sent before, walked through with the arrow keys."""

from collections.abc import Sequence


class History:
    """A place in the history; below its newest entry stands what was being typed."""

    def __init__(self, entries: Sequence[str], draft: str) -> None:
        self._entries = [*entries, draft]
        self._at = len(entries)

    def step(self, by: int) -> str | None:
        """The entry so many places further; None beyond the ends."""
        if not 0 <= self._at + by < len(self._entries):
            return None
        self._at += by
        return self._entries[self._at]
