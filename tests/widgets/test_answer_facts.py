"""All that is known of an answer, and nothing that is not."""

from datetime import UTC, datetime

import msgspec

from tui.domain.replies import Stats
from tui.domain.session import Message
from tui.widgets.answer_facts import AnswerFacts, facts_of

SECOND = 10**9
STATS = Stats(
    total_duration=12 * SECOND,
    load_duration=2 * SECOND,
    prompt_eval_count=26,
    prompt_eval_duration=SECOND // 2,
    eval_count=1373,
    eval_duration=9 * SECOND,
)
ANSWER = Message(
    id="a",
    parent=None,
    role="assistant",
    content="Yes.",
    model="m",
    created_at=datetime(2026, 7, 1, tzinfo=UTC),
    done_reason="length",
    stats=STATS,
    unseen=2,
)


def test_counts_times_and_rates_are_told() -> None:
    facts = dict(facts_of(AnswerFacts(ANSWER, allocated=4096)))
    assert facts["load"] == "2.0 s"
    assert facts["prompt"] == "26 tokens · 0.5 s · 52 tok/s"
    assert facts["answer"] == "1,373 tokens · 9.0 s · 153 tok/s"
    assert facts["in all"] == "12.0 s"
    assert facts["context"] == "1,399 of 4,096 tokens · 34 %"
    assert facts["ended"] == "complete · the longest length was reached (length)"
    assert facts["not seen"] == "2 older messages"
    assert "thought" not in facts


def test_an_answer_cut_short_has_no_counts() -> None:
    answer = Message(
        id="a",
        parent=None,
        role="assistant",
        content="Y",
        model="m",
        created_at=ANSWER.created_at,
        state="interrupted",
        error="the server went away",
    )
    facts = dict(facts_of(AnswerFacts(answer)))
    assert facts["ended"] == "interrupted · the server went away"
    assert facts["counts"].startswith("none")
    assert "context" not in facts


def test_the_pace_of_a_prompt_is_that_of_what_was_read() -> None:
    stats = msgspec.structs.replace(STATS, cached_count=16)
    answer = msgspec.structs.replace(ANSWER, stats=stats)
    facts = dict(facts_of(AnswerFacts(answer)))
    assert facts["prompt"] == "10 tokens · 0.5 s · 20 tok/s · 16 more were in its cache"
