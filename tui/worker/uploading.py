"""The files that a model is created of, on their way to the server."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from pathlib import Path

from tui.api.base import Client
from tui.api.blobs import length
from tui.domain.language import _
from tui.domain.pulls import Progress

_LOOK = 0.25
"""Seconds between two looks at how much has gone out."""


async def uploads(client: Client, blobs: Mapping[str, str]) -> AsyncGenerator[Progress, None]:
    """Send files by their digests, but for those that are there. Raises OllamaError."""
    for digest, file in blobs.items():
        path = Path(file)
        report = Progress(
            status=_("uploading {name}").format(name=path.name),
            digest=digest,
            total=await length(path),
        )
        yield report
        if not await client.has_blob(digest):
            async for sent in _upload(client, digest, path):
                yield _at(report, sent)
        yield _at(report, report.total)


def _at(report: Progress, completed: int) -> Progress:
    return Progress(
        status=report.status, digest=report.digest, total=report.total, completed=completed
    )


async def _upload(client: Client, digest: str, path: Path) -> AsyncGenerator[int, None]:
    """How many bytes have gone out, a few times a second."""
    counts = [0]
    task = asyncio.create_task(client.upload_blob(digest, path, counts.append))
    try:
        while not task.done():
            await asyncio.wait([task], timeout=_LOOK)
            yield counts[-1]
            del counts[:-1]
        await task
    finally:
        task.cancel()
