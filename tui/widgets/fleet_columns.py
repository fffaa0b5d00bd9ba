"""Which hosts are in sight of the fleet's table, and how wide everything is."""

import msgspec

from tui.widgets.lines import NARROW

MARK = 2
"""Cells of the cursor, before a name or in a column."""
_CELL, _WIDEST = 17, 26
"""Cells of a host's column, with the cursor's."""
_GAP = 1
_NAME = 22
"""Cells of a model's name that hosts do not get."""
_LABEL = 15
"""Cells of what is said left of the hosts' states."""
_LONGEST = 40


class Columns(msgspec.Struct, frozen=True):
    """A window over the hosts, moved as little as brings the chosen one into it."""

    name: int
    """Cells of a model's name, with the cursor's."""
    cell: int
    """Cells of a column; 0 where there is room for none."""
    first: int = 0
    """The host in the first column."""
    count: int = 0
    """How many hosts are in sight."""

    @property
    def hosts(self) -> range:
        """The places of the hosts in sight."""
        return range(self.first, self.first + self.count)

    def place_at(self, cell: int) -> int | None:
        """The place of the host whose column has this cell of a row; None left of all."""
        if cell < self.name or not self.count:
            return None
        return self.first + min((cell - self.name) // (self.cell + _GAP), self.count - 1)


def columns(width: int, longest: int, hosts: tuple[int, int], first: int) -> Columns:
    """The columns at a width.

    `longest` is what the longest name takes; `hosts` are how many there are, and which of them the
    cursor is on (-1 for none); `first` was in the first column so far. Below NARROW hosts have no
    columns.
    """
    all_of_them, chosen = hosts
    if width < NARROW or not all_of_them:
        return Columns(width, 0)
    least = max(min(_NAME, longest + MARK), _LABEL)
    count = max(min((width - least) // (_CELL + _GAP), all_of_them), 1)
    cell = min((width - least) // count - _GAP, _WIDEST)
    name = min(width - count * (cell + _GAP), max(longest + MARK, least), _LONGEST)
    first = max(min(first, all_of_them - count), 0)
    if chosen >= 0:
        first = min(max(first, chosen - count + 1), chosen)
    return Columns(name, cell, first, count)
