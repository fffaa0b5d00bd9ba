"""What a job of the queue asks of its server, by its kind."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import NamedTuple

from tui.api.base import Client
from tui.domain.pulls import Kind, Progress, Pull
from tui.worker.uploading import uploads

STALL = 30.0
"""Seconds without a new byte after which the server is asked again."""
_SLOW = 300.0
"""The same for a push: a registry may think for long before it has taken a layer in."""
_CHECK = 3600.0
"""The same while digests are checked or a model is made: nothing is reported meanwhile."""


class Patience(NamedTuple):
    """How long a job may be silent, in seconds."""

    moving: float
    checking: float


def patience(kind: Kind) -> Patience:
    """How long a job of a kind may be silent."""
    return Patience({"pull": STALL, "push": _SLOW, "create": _CHECK}[kind], _CHECK)


async def reports(client: Client, job: Pull) -> AsyncGenerator[Progress, None]:
    """Ask for a job, and hear how it goes. Raises OllamaError."""
    insecure = job.name.startswith("http://")
    name = job.name.removeprefix("http://")
    if job.kind == "create":
        async with aclosing(uploads(client, job.blobs)) as sent:
            async for each in sent:
                yield each
        asked = client.create(name, job.request)
    elif job.kind == "push":
        asked = client.push(name, insecure=insecure)
    else:
        asked = client.pull(name, insecure=insecure)
    async with aclosing(asked):
        async for each in asked:
            yield each
