"""`/api/blobs/<digest>`: files that a client brings before it creates a model of them."""

import asyncio
import hashlib
import re
import shutil
from pathlib import Path
from typing import BinaryIO

from starlette.requests import Request
from starlette.responses import Response

from tui.engine.answers import Refusal
from tui.engine.errors import EngineError
from tui.engine.service import engine_of
from tui.engine.store import drafted, settle
from tui.engine.threads import finished

_DIGEST = re.compile(r"sha256[:-][0-9a-f]{64}")
_WRITTEN_AT_ONCE = 1 << 20


async def blob(request: Request) -> Response:
    """`HEAD`: is it there? `POST`: here it is."""
    digest = request.path_params["digest"]
    if not _DIGEST.fullmatch(digest):
        raise EngineError("invalid digest format", 400)
    path = engine_of(request).store.blob(digest)
    there = await asyncio.to_thread(path.exists)
    if request.method == "HEAD":
        return Response() if there else Refusal(f'blob "{digest}" not found', 404)
    if there:
        # Its body is not read: the client need not send what is known.
        return Response(headers={"Connection": "close"})
    _check_room(request, path.parent)
    await _receive(request, digest.replace("-", ":"), path)
    return Response(status_code=201)


def _check_room(request: Request, folder: Path) -> None:
    """A file that does not fit is refused before its first byte."""
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > shutil.disk_usage(folder).free:
        raise EngineError(f"write {folder}: no space left on device", 507)


async def _receive(request: Request, digest: str, path: Path) -> None:
    with drafted(path) as file:
        found = await _written(request, file)
        if found != digest:
            raise EngineError(f'digest mismatch, expected "{digest}", got "{found}"', 400)
        await finished(settle, file)


async def _written(request: Request, file: BinaryIO) -> str:
    """Write a request's body; its digest."""
    kept = hashlib.sha256()

    def write(data: bytes) -> None:
        kept.update(data)
        file.write(data)

    waiting = bytearray()
    async for chunk in request.stream():
        waiting += chunk
        if len(waiting) >= _WRITTEN_AT_ONCE:
            data, waiting = bytes(waiting), bytearray()
            await finished(write, data)
    await finished(write, bytes(waiting))
    return f"sha256:{kept.hexdigest()}"
