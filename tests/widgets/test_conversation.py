"""However an answer comes in, and whatever the window's width was meanwhile."""

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from rich.cells import cell_len

from tui.domain.replies import Phase, Stats
from tui.domain.session import Message, Role
from tui.widgets.conversation import Conversation
from tui.widgets.entry import Entry, Live

NOON = datetime(2026, 11, 22, 12, 5, tzinfo=UTC)
WORDS = st.sampled_from(
    [
        *("word ", "a" * 70, "\n", "\n\n", "```py\n", "def f():\n    '''", "- ", "1. ", "> ", "# "),
        *("| a | b |\n|---|---|\n", "**b", "`c`", "$x$", "[x](y)", "\x1b[2J", "\t", "\r\n", "[b]"),
        *("中文，", "👩‍💻", "⚠️", "🇩🇪", "e\u0301", "שלום ", "\u200d", "\ufe0f", "\u202e"),
    ]
)
TEXTS = st.lists(WORDS, max_size=25).map("".join) | st.text(max_size=60)
WIDTHS = st.integers(16, 130)
PHASES: st.SearchStrategy[Phase] = st.sampled_from(["reading", "thinking", "answering"])


def message(role: Role, content: str, thinking: str = "") -> Message:
    return Message(
        id=role,
        parent=None,
        role=role,
        content=content,
        thinking=thinking,
        created_at=NOON,
        model="llama3:8b" * (role == "assistant"),
    )


def lines(talk: Conversation) -> list[str]:
    """All lines with their styles."""
    rows = [row for index in range(len(talk.entries)) for row in talk.drawn(index).rows]
    return [f"{row.plain} {row.spans}" for row in rows]


def fresh(entries: list[Entry], width: int) -> Conversation:
    talk = Conversation()
    talk.shape(width, airy=True)
    talk.show(entries)
    return talk


@settings(max_examples=150, deadline=None)
@given(TEXTS, TEXTS, TEXTS, st.lists(st.tuples(st.integers(0, 99), WIDTHS), max_size=6), WIDTHS)
def test_any_pieces_at_any_widths_make_the_same_lines_as_the_whole(
    question: str, thinking: str, content: str, cuts: list[tuple[int, int]], width: int
) -> None:
    live = Live("answering", NOON)
    asked = Entry(message("user", question))
    growing = fresh([asked], width)
    for cut, window in sorted(cuts):
        growing.shape(window, airy=True)
        growing.put(Entry(message("assistant", content[:cut], thinking[:cut]), live=live))
        lines(growing)
    whole = Entry(message("assistant", content, thinking))
    growing.put(whole)
    growing.shape(width, airy=True)
    assert lines(growing) == lines(fresh([asked, whole], width))


@settings(max_examples=150, deadline=None)
@given(TEXTS, TEXTS, PHASES | st.none(), st.booleans(), WIDTHS)
def test_no_line_is_wider_than_the_window(
    text: str, thinking: str, phase: Phase | None, unfolded: bool, width: int
) -> None:
    live = Live(phase, NOON, detail=text) if phase else None
    answer = replace(
        message("assistant", text, thinking),
        model=text,
        error=text,
        state="complete" if live else "failed",
        stats=Stats(eval_count=9, eval_duration=10**8),
    )
    system, asked = (Entry(message(role, text)) for role in ("system", "user"))
    talk = fresh([system, asked, Entry(answer, live=live)], width)
    if unfolded:
        talk.toggle(2)
    for index in range(3):
        for row in talk.drawn(index).rows:
            assert row.cell_length <= width
            assert cell_len(row.plain) <= width
            assert not {*row.plain} & {*"\n\t\r\x1b\x00\x9b\u202e"}
