"""How long a test goes on: a little in everyday runs, all the way under `make soak`."""

import os
import time
from collections.abc import Callable


def rounds(few: int, many: int) -> int:
    """`many` where SOAK is set, else `few`."""
    return many if os.environ.get("SOAK") else few


def clock() -> Callable[[str], None]:
    """Start a watch; what it is given is printed with the time since."""
    began = time.monotonic()

    def tell(what: str) -> None:
        print(f"\n{what}: {(time.monotonic() - began) * 1000:,.0f} ms")

    return tell
