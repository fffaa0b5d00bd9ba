"""Streams of OpenAI's API mean the same however their bytes are cut."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.api.errors import BadAnswer, Interrupted, ServerError
from tui.api.openai.answer import Answer
from tui.api.openai.events import events
from tui.api.openai.thoughts import Thoughts
from tui.domain.replies import Delta, Stats

FOLDER = Path(__file__).resolve().parent.parent / "streams"
WHOLE = ["vllm_chat", "vllm_length", "vllm_reasoning", "vllm_reasoning_content", "vllm_tools",
         "vllm_0_32", "sglang_reasoning", "sglang_0_5", "llamacpp_chat", "litellm_1_108",
         "litellm_keepalives", "multiline", "not_streamed"]  # fmt: skip


def stream(name: str) -> bytes:
    return (FOLDER / f"{name}.sse").read_bytes()


async def fed(pieces: list[bytes]) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


def cut(body: bytes, steps: list[int]) -> Iterator[bytes]:
    at = 0
    for step in steps:
        yield body[at : at + step]
        at += step
    yield body[at:]


async def read(pieces: list[bytes]) -> list[Delta]:
    answer, found = Answer("gpu", "m"), list[Delta]()
    async for event in events(fed(pieces)):
        found += answer.take(event)
    return [*found, *answer.end()]


def said(deltas: list[Delta]) -> tuple[str, str, list[object], str]:
    """Thoughts, words, calls, and how it ended."""
    return (
        "".join(each.thinking for each in deltas),
        "".join(each.content for each in deltas),
        [call for each in deltas for call in each.tool_calls or ()],
        deltas[-1].done_reason,
    )


def counts(deltas: list[Delta]) -> tuple[int, int, int]:
    stats = deltas[-1].stats or Stats()
    return stats.prompt_eval_count, stats.eval_count, stats.cached_count


async def test_words_come_as_they_are_with_the_counts_at_the_end() -> None:
    deltas = await read([stream("vllm_chat")])
    assert said(deltas) == ("", "Two and two: 4. Über\u2028das 日本語 🙂", [], "stop")
    assert counts(deltas) == (41, 11, 32)
    assert deltas[-1].done


@pytest.mark.parametrize("name", ["vllm_reasoning", "vllm_reasoning_content"])
async def test_thoughts_are_told_apart_by_either_name(name: str) -> None:
    assert said(await read([stream(name)]))[:2] == ("The sum is 4.", "\n\nIt is 4.")


async def test_a_vllm_of_today_says_what_it_thought_and_counts_it() -> None:
    deltas = await read([stream("vllm_0_32")])
    assert said(deltas) == ("dc", "eac", [], "stop")
    assert counts(deltas) == (21, 7, 0)


async def test_fields_that_are_null_are_as_good_as_none() -> None:
    assert said(await read([stream("sglang_0_5")])) == ("", "bbab", [], "stop")
    deltas = await read([stream("sglang_reasoning")])
    assert said(deltas) == ("Hm.", "It is 4.", [], "stop")
    assert counts(deltas) == (10, 6, 0)


async def test_pieces_of_calls_are_put_together_by_their_index() -> None:
    thinking, content, calls, reason = said(await read([stream("vllm_tools")]))
    assert (thinking, content, reason) == ("I need the weather.", "", "stop")
    assert calls == [
        {
            "id": "chatcmpl-tool-11aa",
            "function": {"name": "weather", "arguments": {"city": "Paris", "days": 2}},
        },
        {"id": "chatcmpl-tool-22bb", "function": {"name": "clock", "arguments": {}}},
    ]


async def test_what_is_given_to_a_tool_and_is_no_object_stays_a_text() -> None:
    given = (
        b'data: {"choices":[{"delta":{"tool_calls":[{"function":{"name":"f","arguments":"2.5"}}]}'
    )
    _thinking, _content, calls, _reason = said(await read([given + b"}]}\n\ndata: [DONE]\n\n"]))
    assert calls == [{"function": {"name": "f", "arguments": "2.5"}}]


async def test_the_times_that_llama_cpp_measured_are_better_than_ours() -> None:
    stats = (await read([stream("llamacpp_chat")]))[-1].stats
    assert stats is not None
    assert (stats.prompt_eval_count, stats.eval_count) == (21, 4)
    assert stats.prompt_eval_duration == 11_333_000
    assert stats.eval_duration == 14_937_000


async def test_an_answer_that_reached_its_longest_length_says_so() -> None:
    assert said(await read([stream("vllm_length")]))[3] == "length"


@pytest.mark.parametrize("name", ["litellm_keepalives", "multiline", "not_streamed"])
async def test_comments_other_fields_and_odd_forms_change_nothing(name: str) -> None:
    assert said(await read([stream(name)])) == ("", "It is 4.", [], "stop")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("vllm_error", "EngineCore encountered an issue"),
        ("vllm_error_old", "Background loop has errored already"),
        ("llamacpp_old_error", "context shift is disabled"),
    ],
)
async def test_an_error_inside_a_stream_is_an_error(name: str, words: str) -> None:
    with pytest.raises(ServerError, match=words):
        await read([stream(name)])


@pytest.mark.parametrize("name", ["vllm_cut", "vllm_abort"])
async def test_an_answer_without_its_end_was_interrupted(name: str) -> None:
    with pytest.raises(Interrupted):
        await read([stream(name)])


async def test_an_end_without_the_last_words_is_an_end() -> None:
    """Some servers tell why they ended and just hang up."""
    body = stream("vllm_length").partition(b'data: {"id":"chatcmpl-6f1d0c9be5c84c1b8f0a","object":'
                                           b'"chat.completion.chunk","created":1763980800,"model":'
                                           b'"Qwen/Qwen3-32B","choices":[],')[0]  # fmt: skip
    assert body.rstrip().endswith(b"}]}")
    assert said(await read([body])) == ("", "Once upon", [], "length")


async def test_an_event_that_is_no_json_is_told() -> None:
    with pytest.raises(BadAnswer, match="that is no json"):
        await read([b"data: that is no json\n\n"])


async def test_a_line_without_an_end_is_given_up() -> None:
    with pytest.raises(BadAnswer, match="without a line end"):
        async for _event in events(fed([b"data: x"] * 100), limit=300):
            pass


@given(name=st.sampled_from(WHOLE), steps=st.lists(st.integers(0, 700), max_size=40))
async def test_cuts_change_nothing(name: str, steps: list[int]) -> None:
    body = stream(name)
    whole, parts = await read([body]), await read([*cut(body, steps)])
    assert said(parts) == said(whole)
    assert counts(parts) == counts(whole)
    assert [each.content for each in parts] == [each.content for each in whole]


@pytest.mark.parametrize("name", WHOLE)
async def test_bytes_one_by_one_change_nothing(name: str) -> None:
    body = stream(name)
    one_by_one = await read([body[at : at + 1] for at in range(len(body))])
    assert said(one_by_one) == said(await read([body]))


@given(keep=st.integers(0, 3000), name=st.sampled_from(WHOLE))
async def test_a_stream_cut_off_anywhere_is_never_taken_for_a_whole_one(
    keep: int, name: str
) -> None:
    body = stream(name)
    short = body[:keep]
    told = b'"finish_reason"' in short or b"[DONE]" in short
    try:
        deltas = await read([short])
    except Interrupted:
        assert b"[DONE]" not in short
    else:
        assert told
        assert deltas[-1].done


@pytest.mark.parametrize(
    ("text", "thinking", "content"),
    [
        ("<think>\nHm.\n</think>\n\nIt is 4.", "Hm.\n", "It is 4."),
        ("<think>Hm.", "Hm.", ""),
        ("<think>a</thin b</think>c</think>", "a</thin b", "c</think>"),
        ("<thinking aloud>", "", "<thinking aloud>"),
        ("<th", "", "<th"),
        ("It is <think>4</think>.", "", "It is <think>4</think>."),
        ("<think>Hm.</th", "Hm.</th", ""),
    ],
)
@given(steps=st.lists(st.integers(1, 5), max_size=30))
def test_thoughts_that_were_left_in_an_answer_are_parted_from_it(
    text: str, thinking: str, content: str, steps: list[int]
) -> None:
    thoughts = Thoughts()
    told = [thoughts.take(text[sum(steps[:n]) : sum(steps[: n + 1])]) for n in range(len(steps))]
    at = sum(steps)
    told += [thoughts.take(text[at:]), thoughts.end()]
    assert "".join(thought for thought, _said in told) == thinking
    assert "".join(said for _thought, said in told) == content
