"""The ways in which the models are sorted: by every column of their table."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from tui.domain.fits import billions
from tui.domain.language import _
from tui.widgets.model_table import ModelLine

_BEGINNING = datetime(1, 1, 1, tzinfo=UTC)


class Order(NamedTuple):
    """A way to sort; names decide between equals."""

    key: str
    title: str
    value: Callable[[ModelLine], Any]
    most_first: bool = False


ORDERS = (
    Order("name", _("by name"), lambda _line: 0),
    Order("size", _("by size"), lambda line: line.model.size, most_first=True),
    Order(
        "parameters",
        _("by parameters"),
        lambda line: billions(line.model.details.parameter_size),
        most_first=True,
    ),
    Order("quantization", _("by quantization"), lambda line: line.model.details.quantization_level),
    Order("family", _("by family"), lambda line: line.model.details.family.lower()),
    Order("context", _("by context"), lambda line: line.context, most_first=True),
    Order("can", _("by abilities"), lambda line: len(line.can), most_first=True),
    Order("date", _("by date"), lambda line: line.model.modified_at or _BEGINNING, most_first=True),
    Order(
        "memory",
        _("by memory"),
        lambda line: line.running.size if line.running else 0,
        most_first=True,
    ),
    Order("update", _("by update"), lambda line: line.newer, most_first=True),
)
_BY_KEY = {order.key: order for order in ORDERS}


def order_of(key: str) -> Order:
    """The order of this key; by name where there is none."""
    return _BY_KEY.get(key, ORDERS[0])


def after(order: Order) -> Order:
    """The next one, in a circle."""
    return ORDERS[(ORDERS.index(order) + 1) % len(ORDERS)]


def ordered(lines: Sequence[ModelLine], order: Order, *, backwards: bool) -> list[ModelLine]:
    """Lines in this order; backwards, names too."""
    named = sorted(lines, key=lambda each: _by_name(each.model.name), reverse=backwards)
    return sorted(named, key=order.value, reverse=order.most_first != backwards)


def _by_name(name: str) -> str:
    """A model's tags together, before the models whose names begin like its own."""
    return name.lower().replace(":", " ")
