"""What the connection doctor finds."""

from collections.abc import Iterable
from typing import Literal

import msgspec

State = Literal["good", "bad", "unknown"]


class Finding(msgspec.Struct, frozen=True):
    """One thing that was looked at."""

    name: str
    """In a word or two: port, certificate, terminal."""
    state: State
    """`unknown` is what could not be looked at, or may be meant."""
    said: str = ""
    """What was seen."""
    cause: str = ""
    """Why it probably is so."""
    mend: str = ""
    """The command or the setting that mends it."""
    part: str = ""
    """What it belongs to: a server, this terminal, this machine."""


def masked(finding: Finding, secrets: Iterable[str]) -> Finding:
    """The finding without any of the secrets, should a server have repeated them."""
    said, cause = finding.said, finding.cause
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        said, cause = said.replace(secret, "***"), cause.replace(secret, "***")
    return msgspec.structs.replace(finding, said=said, cause=cause)
