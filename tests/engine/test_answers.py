"""Answers in pieces, as they go out."""

import asyncio
import errno
import json
import re
from collections.abc import AsyncGenerator
from datetime import UTC, datetime

import pytest
from starlette.types import Message

from tui.engine.answers import Answer, Line, dump, now, steps


async def sent_by(answer: Answer) -> tuple[int, list[bytes]]:
    """The status and the body of an answer, as it is sent."""
    out: list[Message] = []

    async def send(message: Message) -> None:
        out.append(message)

    async def receive() -> Message:
        await asyncio.Event().wait()
        return {}

    await answer({"type": "http"}, receive, send)
    return out[0]["status"], [message["body"] for message in out[1:]]


async def pull_onto_a_full_disk() -> AsyncGenerator[Line, None]:
    yield {"status": "pulling"}
    raise OSError(errno.ENOSPC, "No space left on device", "/models/blobs/x")


async def model_that_says_much_at_once() -> AsyncGenerator[list[Line], None]:
    yield [{"n": 1}, {"n": 2}]
    yield []
    yield [{"n": 3}]


async def test_lines_that_come_at_once_go_out_at_once() -> None:
    status, pieces = await sent_by(Answer(model_that_says_much_at_once(), stream=True))
    assert status == 200
    assert pieces == [b'{"n":1}\n{"n":2}\n', b'{"n":3}\n', b""]


@pytest.mark.parametrize(("stream", "status"), [(True, 200), (False, 500)])
async def test_a_disk_that_fills_up_in_mid_answer_is_an_error_of_it(
    stream: bool, status: int
) -> None:
    answered, pieces = await sent_by(Answer(steps(pull_onto_a_full_disk()), stream=stream))
    assert answered == status
    body = b"".join(pieces)
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
