"""What a program that follows the download queue wants of the one that runs it."""

from typing import Literal

import msgspec


class Wish(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing to be done to a job, or to the queue."""

    kind: Literal["pause", "resume", "remove", "move", "count"]
    job: str = ""
    by: int = 0
    """How far to move it, or how many are to run at once."""
