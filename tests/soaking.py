"""How long a test goes on: a little in everyday runs, all the way under `make soak`."""

import os


def rounds(few: int, many: int) -> int:
    """`many` where SOAK is set, else `few`."""
    return many if os.environ.get("SOAK") else few
