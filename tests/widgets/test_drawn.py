"""A message is drawn the same however it came, and no line is wider than its window."""

import string
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from rich.cells import cell_len

from tui.domain.replies import Stats
from tui.domain.session import Attached, Message
from tui.widgets.drawn import Drawn
from tui.widgets.entry import Entry, Live
from tui.widgets.turns import Look

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
BLOCKS = ["```py\n", "| a | b |\n|--|--|\n", "- ", "> ", "# ", "\n\n", "https://example.org/long/"]
PIECES = st.sampled_from(
    [*string.printable, *"中文，。😀\u200d\ufe0f\u0301\u202e\x1b\x9b\u2028אב", *BLOCKS]
)
TEXTS = (
    st.lists(PIECES, max_size=30).map("".join)
    | st.text(max_size=60)
    | st.builds(
        lambda text, times: text * times,
        st.lists(PIECES, max_size=9).map("".join),
        st.integers(1, 600),
    )
)
CALLS = st.lists(
    st.fixed_dictionaries({"function": st.fixed_dictionaries({"name": TEXTS, "arguments": TEXTS})}),
    max_size=2,
)
MESSAGES = st.builds(
    Message,
    id=st.just("a"),
    parent=st.none(),
    role=st.sampled_from(["user", "assistant", "tool", "system"]),
    content=TEXTS,
    thinking=st.just("") | TEXTS,
    tool_calls=CALLS,
    created_at=st.just(NOON),
    model=TEXTS,
    attachments=st.lists(st.just("x"), max_size=1),
    attached=st.builds(lambda name: {"x": Attached(name=name, size=5)}, TEXTS),
    state=st.sampled_from(["complete", "stopped", "interrupted", "failed"]),
    done_reason=st.sampled_from(["", "stop", "length"]),
    error=TEXTS,
    stats=st.none() | st.just(Stats(eval_count=9, eval_duration=10**9, load_duration=10**10)),
    form=st.sampled_from(["", "json"]),
    fault=TEXTS,
)
LOOKS = st.builds(
    Look,
    window=st.integers(30, 130),
    airy=st.booleans(),
    chosen=st.booleans(),
    unfolded=st.booleans(),
    verbose=st.booleans(),
    across=st.none() | st.integers(0, 20),
    unseen=st.sampled_from([(0, 0), (3, 4096)]),
)


def rows(drawn: Drawn) -> list[tuple[str, Any]]:
    return [(row.plain, row.spans) for row in drawn.rows]


@settings(max_examples=150, deadline=None)
@given(MESSAGES, LOOKS, st.booleans(), st.lists(st.integers(0, 80), max_size=6))
def test_a_message_is_drawn_alike_however_it_came(
    message: Message, look: Look, runs: bool, cuts: list[int]
) -> None:
    live = Live("answering", NOON)
    growing = Drawn(Entry(replace(message, content=""), live=live), look, NOON)
    for cut in sorted(cuts):
        growing.update(
            Entry(replace(message, content=message.content[:cut]), live=live), look, NOON
        )
    whole = Entry(message, live=live if runs else None)
    growing.update(whole, look, NOON)
    assert rows(growing) == rows(Drawn(whole, look, NOON))
    for row in growing.rows:
        assert cell_len(row.plain) <= look.window
        assert not set(row.plain) & set("\n\t\r\x1b\x9b\x00\u202e\u2028")
