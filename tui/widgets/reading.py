"""Which lines of a long text are in the window."""

from collections.abc import Callable, Iterator

Place = tuple[int, int]
"""A line: which entry, and which of its lines."""


class Reading:
    """A window held by its first line, so that nothing that happens elsewhere can move it.

    Only the entries in the window, and those at the end, are ever measured.
    """

    def __init__(self, size_of: Callable[[int], int]) -> None:
        self._size_of = size_of
        self.count = 0
        """Entries there are."""
        self.height = 0
        """Lines of the window."""
        self.top: Place = (0, 0)
        self.following = True
        """Whether the window stays at the end."""
        self.jump = 0
        """Lines that are left empty at the end when it moves, so that it seldom moves."""

    def settle(self, most: int | None = None) -> None:
        """Find the first line again after anything changed; following, go down `most` lines."""
        index, at = self.top
        if index >= self.count:
            self.following = True
        elif not self.following:
            self.top = (index, min(at, max(self._size_of(index) - 1, 0)))
        end = self.end()
        if self.following and self.jump and self.count:
            lowest = self._moved(end, self.jump)
            self.top = lowest if self.top < end else self.top if self.top <= lowest else end
        elif self.following and most is not None and self.top < end:
            self.top = min(end, self._moved(self.top, most))
        elif self.following or self.top >= end:
            self.top, self.following = end, True

    @property
    def lags(self) -> bool:
        """Whether there is more below, although it follows."""
        return self.following and self.top < self.end()

    def follow(self) -> None:
        """Go to the end and stay there."""
        self.top, self.following = self.end(), True

    def go(self, place: Place) -> None:
        """Put a line at the top, as far as there are lines below it."""
        self.top, self.following = place, False
        self.settle()

    def scroll(self, by: int) -> None:
        """Move down by so many lines, or up."""
        self.go(self._moved(self.top, by))

    def end(self) -> Place:
        """The first line of the last window."""
        left = self.height
        for index in range(self.count - 1, -1, -1):
            size = self._size_of(index)
            if size >= left:
                return index, size - left
            left -= size
        return 0, 0

    def lines(self) -> Iterator[Place]:
        """The lines in the window, from the top."""
        left = self.height
        index, at = self.top
        while left > 0 and index < self.count:
            for number in range(at, min(self._size_of(index), at + left)):
                left -= 1
                yield index, number
            index, at = index + 1, 0

    def _moved(self, place: Place, by: int) -> Place:
        index, at = place
        at += by
        while at < 0 and index > 0:
            index -= 1
            at += self._size_of(index)
        while index < self.count - 1 and at >= (size := self._size_of(index)):
            index, at = index + 1, at - size
        return index, max(at, 0)
