"""The levels to which a server quantizes, as of August 2026; it refuses all others."""

LEVELS = ("Q4_K_M", "Q4_K_S", "Q8_0", "BF16", "F16", "F32")
_SOURCES = ("F16", "BF16", "F32")


def can_be_quantized(level: str) -> bool:
    """Whether a server takes a model of this level as a source: no loss upon a loss."""
    return level.upper() in _SOURCES


def targets(level: str) -> list[str]:
    """What a model of this level can be quantized to."""
    return [each for each in LEVELS if each != level.upper()] if can_be_quantized(level) else []
