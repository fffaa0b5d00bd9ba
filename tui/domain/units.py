"""Sizes, times and counts as the screen writes them: 43 %, 8.7/20.2 GB, 71 MB/s, 2:42, 3 h."""

import re
from datetime import datetime

from tui.domain.language import _, many

_STEPS = ((10**12, "TB"), (10**9, "GB"), (10**6, "MB"), (10**3, "kB"))
_WHOLE_FROM = 100
_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_WEEK, _MONTH, _YEAR = 7, 30, 365


def size(count: float) -> str:
    """Bytes in decimal units: 523 MB, 4.7 GB, 142 GB."""
    for step, unit in _STEPS:
        if count >= step:
            return f"{_number(count / step, unit)} {unit}"
    return f"{int(count)} B"


def progress(done: float, total: float) -> str:
    """Two sizes in the unit of the second: 8.7/20.2 GB."""
    for step, unit in _STEPS:
        if total >= step:
            return f"{_number(done / step, unit)}/{_number(total / step, unit)} {unit}"
    return f"{int(done)}/{int(total)} B"


def _number(value: float, unit: str) -> str:
    if unit in ("kB", "MB") or value >= _WHOLE_FROM:
        return f"{value:.0f}"
    return f"{value:.1f}"


def speed(bytes_per_second: float) -> str:
    """71 MB/s; nothing while unknown."""
    return f"{size(bytes_per_second)}/s" if bytes_per_second > 0 else ""


def percent(fraction: float) -> str:
    """43 %; 100 % only when all is there."""
    return f"{min(int(fraction * 100), 100)} %"


def tokens(count: int) -> str:
    """A count of tokens, short: 820, 2.1k, 131k."""
    if count < 1000:  # noqa: PLR2004 - the step itself
        return str(count)
    return f"{count / 1000:.1f}k" if count < 99_950 else f"{count / 1000:.0f}k"  # noqa: PLR2004


def parameters(told: str) -> str:
    """A count of parameters as a server tells it, short: 134.52M is 135M."""
    found = re.fullmatch(r"(\d{3,}\.\d+)([KMBT])", told.strip())
    return f"{float(found[1]):.0f}{found[2]}" if found else told


def clock(seconds: float) -> str:
    """A span that counts down: 0:45, 2:42, 1:02:07."""
    whole = max(int(seconds), 0)
    hours, rest = divmod(whole, _HOUR)
    minutes, left = divmod(rest, _MINUTE)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"


def lasting(seconds: float) -> str:
    """How long something has lasted, in one unit: 5 min, 3 h, 2 days; nothing below a minute."""
    if seconds < _MINUTE:
        return ""
    if seconds < _HOUR:
        return _("{n} min").format(n=int(seconds // _MINUTE))
    if seconds < _DAY:
        return _("{n} h").format(n=int(seconds // _HOUR))
    return _counted(many("{n} day", "{n} days", int(seconds // _DAY)), int(seconds // _DAY))


def ago(moment: datetime, now: datetime) -> str:
    """How long ago, in one word or two: now, 5 min, 2 hours, yesterday, 3 weeks."""
    seconds = max((now - moment).total_seconds(), 0)
    days = int(seconds // _DAY)
    if seconds < _MINUTE:
        return _("now")
    if seconds < _HOUR:
        return _("{n} min").format(n=int(seconds // _MINUTE))
    if days < 1:
        hours = int(seconds // _HOUR)
        return many("{n} hour", "{n} hours", hours).format(n=hours)
    return _days(days)


def _days(days: int) -> str:
    if days == 1:
        return _("yesterday")
    if days >= _YEAR:
        return _counted(many("{n} year", "{n} years", days // _YEAR), days // _YEAR)
    if days >= 2 * _MONTH:
        return _counted(many("{n} month", "{n} months", days // _MONTH), days // _MONTH)
    if days >= 2 * _WEEK:
        return _counted(many("{n} week", "{n} weeks", days // _WEEK), days // _WEEK)
    return _counted(many("{n} day", "{n} days", days), days)


def _counted(text: str, count: int) -> str:
    return text.format(n=count)
