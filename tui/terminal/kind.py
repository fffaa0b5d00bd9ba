"""What kind of terminal this is, as far as its environment tells."""

from collections.abc import Mapping

BLIND = ("", "dumb", "unknown")
"""Values of TERM that stand for a terminal whose cursor cannot be moved."""
MILLIONS, MANY, FEW, NONE = 1 << 24, 256, 16, 0
_LIGHT = ("7", "15")
"""White, and bright white, as COLORFGBG numbers them."""


def colours(environment: Mapping[str, str]) -> int:
    """How many the terminal shows; none where the user wants none."""
    if "NO_COLOR" in environment:
        return NONE
    if environment.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit"):
        return MILLIONS
    many = environment.get("TERM", "").endswith(("-256color", "kitty"))
    return MANY if many else FEW


def is_light(environment: Mapping[str, str]) -> bool:
    """Whether the background is known to be light; few terminals tell, and none through ssh."""
    return environment.get("COLORFGBG", "").rpartition(";")[2] in _LIGHT


def has_poor_font(environment: Mapping[str, str]) -> bool:
    """The Linux console: a font of 256 or 512 signs, and most of ours are not among them."""
    return environment.get("TERM") == "linux"
