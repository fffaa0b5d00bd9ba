"""Going through the tabs of a strip that are filters."""

from collections.abc import Sequence

from textual.binding import Binding

from tui.domain.language import _

TURN = (
    Binding("less_than_sign,left", "turn(-1)", _("filter before"), show=False, id="filters.before"),
    Binding("greater_than_sign,right", "turn(1)", _("next filter"), show=False, id="filters.next"),
)
"""The keys of every screen with such tabs; it answers with `action_turn`."""


def turned(keys: Sequence[str], active: str, by: int) -> str:
    """The tab that lies so many beyond the active one, in a circle."""
    return keys[(keys.index(active) + by) % len(keys)]
