"""What a word that is being typed could become: a few rows above the prompt."""

from collections.abc import Sequence

import msgspec
from rich.cells import cell_len
from textual.content import Content
from textual.reactive import reactive

from tui.widgets.glyphs import g
from tui.widgets.lines import Lines, fit, line, picked
from tui.widgets.plain import one_line
from tui.widgets.zone import Zone

_MOST = 6
"""Rows at most."""
_WIDEST = 32
"""Cells that names may take where something is said of them."""


class Offer(msgspec.Struct, frozen=True):
    """One way to go on."""

    name: str
    text: str
    """What then stands in the place of the word."""
    about: str = ""
    hits: tuple[int, ...] = ()
    goes_on: bool = False
    """Whether more is to be chosen behind it: a folder's files."""


class Offers(Zone):
    """Keys come from the prompt, which keeps the focus. Nothing is shown while it is closed."""

    offers: reactive[tuple[Offer, ...]] = reactive((), layout=True)
    place: reactive[int] = reactive(0)
    """Which one is chosen."""

    is_open = False
    start = 0
    """The column of the prompt where the word begins."""

    def show(self, offers: Sequence[Offer], start: int) -> None:
        """Offer these for the word that begins there; none yet where more will come."""
        self.is_open, self.start = True, start
        if tuple(offers) != self.offers:
            self.offers, self.place = tuple(offers), 0

    def close(self) -> None:
        """Offer nothing."""
        self.is_open = False
        self.offers, self.place = (), 0

    def step(self, by: int) -> None:
        """Choose the next or the one before, round the ends."""
        if self.offers:
            self.place = (self.place + by) % len(self.offers)

    @property
    def chosen(self) -> Offer | None:
        """The one that enter takes."""
        return self.offers[self.place] if self.is_open and self.offers else None

    def begin(self) -> None:
        """Offer what the word at the cursor could become."""

    def refresh_offers(self) -> None:
        """Offer what fits what is typed by now."""

    @property
    def top(self) -> int:
        """The first one in sight."""
        return max(0, min(self.place - _MOST // 2, len(self.offers) - _MOST))

    def draw(self, width: int, height: int) -> Lines:
        shown = list(enumerate(self.offers))[self.top : self.top + _MOST]
        room = min(max((cell_len(each.name) for each in self.offers), default=0), _WIDEST)
        return [_row(each, room, width, here=index == self.place) for index, each in shown]


def _row(offer: Offer, room: int, width: int, *, here: bool) -> Content:
    name = line((one_line(offer.name), "bold $strong" if here else "$foreground"))
    for at in offer.hits:
        name = name.stylize("bold underline $accent", at, at + 1)
    if offer.about:
        name = line(fit(name, room), "  ", (one_line(offer.about), "$muted"))
    row = fit(line((f" {g.here if here else ' '} ", "$accent"), name), width)
    return picked(row, width) if here else row
