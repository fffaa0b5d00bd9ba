"""Large buffers go back to the system as soon as they are free."""

import sys
from contextlib import suppress
from functools import cache

LARGE = 1 << 20
"""Bytes. glibc by itself raises its limit to the largest buffer there was, and keeps the rest."""
_M_MMAP_THRESHOLD = -3


@cache  # once is enough
def give_back() -> bool:
    """Ask the C library to keep no large buffer; False where it knows of no such thing.

    A long session is read and written as a whole: 8 MiB stayed taken after that.
    """
    if sys.platform != "linux":
        return False
    import ctypes

    with suppress(OSError, AttributeError):
        return bool(ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, LARGE))
    return False
