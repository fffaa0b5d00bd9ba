"""An editor whose words can be completed from a list that stands above it."""

from tui.widgets.folding import FoldingArea
from tui.widgets.offers import Offer, Offers

_STEPS = {"tab": 1, "down": 1, "shift+tab": -1, "up": -1}


class OfferingArea(FoldingArea, inherit_bindings=False):
    """Keeps the focus while its offers are chosen from."""

    offers: Offers | None = None

    def choose(self, key: str) -> bool:
        """Let a key work on the offers; False if it means something else."""
        offers = self.offers
        if offers is None or not offers.is_open or key not in (*_STEPS, "enter", "escape"):
            return False
        offers.refresh_offers()  # the last letters may not have been told yet
        if not offers.is_open:
            return False
        if key in _STEPS:
            offers.step(_STEPS[key])
        elif key == "escape":
            offers.close()
        elif offers.chosen:
            self.take(offers.chosen)
        return True

    def take(self, offer: Offer) -> None:
        """Put what was chosen in the place of the word."""
        if self.offers:
            row, column = self.cursor_location
            result = self.replace(offer.text, (row, self.offers.start), (row, column))
            self.move_cursor(result.end_location)
            if not offer.goes_on:
                self.offers.close()
