"""Answers in pieces, as they go out."""

import asyncio
import errno
import json
import re
from collections.abc import AsyncGenerator
from datetime import UTC, datetime

import pytest
from starlette.types import Message

from tui.engine.answers import Answer, Line, dump, now


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


def test_answers_are_ascii_and_bear_the_name_of_a_file_that_is_no_text() -> None:
    said = {"text": "a\u2028é😀", "file": b"\xff.gguf".decode(errors="surrogateescape")}
    assert dump({"a": [1, 2.5, None, True]}) == b'{"a":[1,2.5,null,true]}'
    assert dump(said).isascii()
    assert json.loads(dump(said)) == said


def test_the_time_is_told_with_microseconds_and_zone() -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    told = now()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", told)
    assert before <= datetime.fromisoformat(told) <= datetime.now(UTC)
