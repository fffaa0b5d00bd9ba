"""What was sent before, walked through with the arrow keys."""

from collections.abc import Sequence


class History:
    """A place in the history; below its newest entry stands what was being typed.

    Of what begins with that; of everything where nothing does.
    """

    def __init__(self, entries: Sequence[str], draft: str) -> None:
        alike = [each for each in entries if each.startswith(draft) and each != draft]
        self._entries = [*(alike or entries), draft]
        self._at = len(self._entries) - 1

    @property
    def draft(self) -> str:
        """What was being typed."""
        return self._entries[-1]

    def step(self, by: int) -> str | None:
        """The entry so many places further; None beyond the ends."""
        if not 0 <= self._at + by < len(self._entries):
            return None
        self._at += by
        return self._entries[self._at]
