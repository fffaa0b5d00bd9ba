"""Answers in pieces, as they go out."""

import asyncio
import errno
from collections.abc import AsyncGenerator

import pytest
from starlette.types import Message

from tui.engine.answers import Answer, Line


async def sent(lines: AsyncGenerator[Line, None], *, stream: bool) -> tuple[int, bytes]:
    """The status and the whole body of an answer."""
    out: list[Message] = []

    async def send(message: Message) -> None:
        out.append(message)

    async def receive() -> Message:
        await asyncio.Event().wait()
        return {}

    await Answer(lines, stream=stream)({"type": "http"}, receive, send)
    return out[0]["status"], b"".join(message.get("body", b"") for message in out)


async def pull_onto_a_full_disk() -> AsyncGenerator[Line, None]:
    yield {"status": "pulling"}
    raise OSError(errno.ENOSPC, "No space left on device", "/models/blobs/x")


@pytest.mark.parametrize(("stream", "status"), [(True, 200), (False, 500)])
async def test_a_disk_that_fills_up_in_mid_answer_is_an_error_of_it(
    stream: bool, status: int
) -> None:
    answered, body = await sent(pull_onto_a_full_disk(), stream=stream)
    assert answered == status
    assert b'"/models/blobs/x: no space left on device"}' in body.splitlines()[-1]
    assert body.startswith(b'{"status":"pulling"}\n' if stream else b'{"error"')
