"""What stands beside a message: rates, counts, times."""

from datetime import datetime

from tui.domain import clock, units
from tui.domain.language import _
from tui.domain.replies import Stats
from tui.widgets.lines import NARROW, dots

_MINUTES_FROM = 100
_WHOLE_FROM = 10


def stats(told: Stats, window: int) -> str:
    """41 tok/s, 373 tok, 9.1 s; only the first in a narrow window."""
    rate = rate_words(told.tokens_per_second)
    if window < NARROW:
        return rate
    count = _("{n} tok").format(n=told.eval_count) if told.eval_count else ""
    return dots(rate, count, span(told.total_duration / 1e9))


def rate_words(tokens_per_second: float) -> str:
    """41 tok/s; nothing while unknown."""
    if not tokens_per_second:
        return ""
    places = 0 if tokens_per_second >= _WHOLE_FROM else 1
    return _("{n} tok/s").format(n=f"{tokens_per_second:.{places}f}")


def span(seconds: float) -> str:
    """9.1 s, then 2:42; nothing for none."""
    if not seconds:
        return ""
    if seconds >= _MINUTES_FROM:
        return units.clock(seconds)
    return _("{n} s").format(n=f"{seconds:.1f}")


def moment(when: datetime) -> str:
    """14:02, with its day when that is not today."""
    here, today = when.astimezone(), clock.now().astimezone()
    if here.date() == today.date():
        return f"{here:%H:%M}"
    return f"{here:%m-%d %H:%M}" if here.year == today.year else f"{here:%Y-%m-%d}"
