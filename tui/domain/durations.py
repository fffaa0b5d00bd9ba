"""Spans of time as Go writes them: `5m`, `1h30m`, `300ms`; a bare number is seconds."""

import math
import re

FOREVER = math.inf
_UNITS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
_TERM = re.compile(r"(\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h)")
_LONGEST = 2**63 / 1e9
"""Seconds that Go's 64 bits of nanoseconds can hold."""


def seconds(value: str | float) -> float:
    """How long a `keep_alive` lasts; anything negative is FOREVER. Raises ValueError."""
    if isinstance(value, str):
        value = _read(value.strip())
    return FOREVER if value < 0 or value > _LONGEST else float(value)


def keep_alive(text: str) -> str | int:
    """A span as servers take it: a bare number is seconds, and no text. Raises ValueError."""
    span = seconds(text)
    if text[-1:].isalpha() and any(map(str.isdigit, text)):  # neither inf nor nan
        return text
    return -1 if span == FOREVER else int(span)


def _read(text: str) -> float:
    sign = -1.0 if text.startswith("-") else 1.0
    digits = text[1:] if text.startswith(("+", "-")) else text
    if digits.startswith(("+", "-")):  # which float would take
        raise ValueError(f'time: invalid duration "{text}"')
    try:
        return sign * float(digits)
    except ValueError:
        terms = _TERM.findall(digits)
    if not terms or "".join(number + unit for number, unit in terms) != digits:
        raise ValueError(f'time: invalid duration "{text}"')
    return sign * sum(float(number) * _UNITS[unit] for number, unit in terms)
