"""Lines come out whole, however the network cut the bytes."""

from collections.abc import AsyncIterator, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import recordings
from tui.api.errors import BadAnswer
from tui.api.lines import lines

STREAMS = [name for name in recordings.names() if (recordings.FOLDER / f"{name}.tsv").exists()]


async def fed(pieces: list[bytes]) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


def cut(body: bytes, steps: list[int]) -> Iterator[bytes]:
    at = 0
    for step in steps:
        yield body[at : at + step]
        at += step
    yield body[at:]


@settings(max_examples=30, deadline=None)
@given(name=st.sampled_from(STREAMS), steps=st.lists(st.integers(0, 2000)))
async def test_recorded_streams_come_out_the_same_however_they_are_cut(
    name: str, steps: list[int]
) -> None:
    body = recordings.load(name).body
    found = [line async for line in lines(fed([*cut(body, steps)]))]
    assert found == body.removesuffix(b"\n").split(b"\n")


@settings(max_examples=50, deadline=None)
@given(texts=st.lists(st.text()), steps=st.lists(st.integers(0, 9)))
async def test_nothing_but_a_newline_ends_a_line(texts: list[str], steps: list[int]) -> None:
    wanted = [line for text in texts for line in text.encode().split(b"\n") if line.strip()]
    body = "\n".join(texts).encode()
    assert [line async for line in lines(fed([*cut(body, steps)]))] == wanted


async def test_separators_of_unicode_stay_inside_a_line() -> None:
    text = "one\u2028two\u2029three\u0085four\x0bfive\x0csix\rseven".encode()
    assert [line async for line in lines(fed([text + b"\n"]))] == [text]


async def test_a_line_without_end_is_given_up() -> None:
    with pytest.raises(BadAnswer, match="1 kB"):
        async for _line in lines(fed([b"x" * 600] * 3), limit=1000):
            pass


async def test_a_long_line_is_taken() -> None:
    pieces = [b"x" * 65536] * 200
    assert [len(line) async for line in lines(fed([*pieces, b"\n"]))] == [200 * 65536]
