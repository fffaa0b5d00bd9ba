"""A journal cut anywhere still holds all but its last line."""

import json
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tui.domain.session import Message
from tui.store.journal import Journal, replay
from tui.store.writer import Writer

BEGUN = Message(
    id="a",
    parent="q",
    role="assistant",
    content="",
    model="llama3.2:3b",
    created_at=datetime(2026, 1, 2, tzinfo=UTC),
)
CALL = {"function": {"name": "add", "arguments": {"a": 1}}}
PIECES = [
    ("", "Let me ", []),
    ("", "think.\n", []),
    ("One\u2028line,", "", []),
    (" two\n\x85", "", [CALL]),
    (" 你好 🌍", "", []),
]


def written(path: Path, begun: Message = BEGUN) -> bytes:
    writer = Writer()
    journal = Journal(path, path.with_suffix(".json"), writer)
    journal.begin(begun)
    for content, thinking, calls in PIECES:
        journal.add(content, thinking, calls)
    assert writer.close()
    return path.read_bytes()


def test_a_journal_holds_the_answer(tmp_path: Path) -> None:
    message = replay(written(tmp_path / "journal"))
    assert message is not None
    assert message.content == "One\u2028line, two\n\x85 你好 🌍"
    assert message.thinking == "Let me think.\n"
    assert message.tool_calls == [CALL]
    assert (message.id, message.parent, message.model) == ("a", "q", "llama3.2:3b")


def test_an_answer_that_went_on_from_a_text_begins_with_it(tmp_path: Path) -> None:
    message = replay(written(tmp_path / "journal", replace(BEGUN, content="Zero. ")))
    assert message is not None
    assert message.content.startswith("Zero. One")


def test_a_journal_cut_at_any_byte_loses_its_last_line_at_most(tmp_path: Path) -> None:
    data = written(tmp_path / "journal")
    whole = "".join(content for content, _thinking, _calls in PIECES)
    for cut in range(len(data) + 1):
        lines = data[:cut].count(b"\n")
        complete = lines + (data[cut : cut + 1] == b"\n" or cut == len(data))
        message = replay(data[:cut])
        if message is None:
            assert complete < 1
            continue
        assert whole.startswith(message.content)
        assert message.content == "".join(each[0] for each in PIECES[: max(complete, lines) - 1])


@given(st.binary(max_size=200), st.integers(0, 400))
def test_rubbish_in_a_journal_never_raises(rubbish: bytes, at: int) -> None:
    data = b'{"begin":{"id":"a","parent":null,"role":"assistant","content":"",' + (
        b'"created_at":"2026-01-02T00:00:00Z"}}\n{"content":"one"}\n{"content":"two"}\n'
    )
    replay(data[:at] + rubbish + data[at:])
    replay(rubbish)


@given(st.recursive(st.none() | st.integers() | st.text(), st.lists))
def test_other_json_in_a_journal_is_left_out(value: object) -> None:
    begun = (
        b'{"begin":{"id":"a","parent":null,"role":"assistant","content":"",'
        b'"created_at":"2026-01-02T00:00:00Z"}}\n'
    )
    line = json.dumps(value).encode() + b"\n" + json.dumps({"content": value}).encode()
    message = replay(begun + line + b'\n{"content":"end"}\n')
    assert message is not None
    assert message.content.endswith("end")
    assert replay(line) is None
