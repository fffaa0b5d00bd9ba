"""What is not painted anew must look as before."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from textual.content import Content
from textual.strip import Strip

from tui.widgets.differences import changes
from tui.widgets.lines import Part, line

WORDS = ["a", "b ", "──", "中", "é", "👩‍💻", "👩", "\u200d", "💻", "❤️", "❤", "\ufe0f", "", "  "]
PARTS: st.SearchStrategy[Part] = st.one_of(
    st.sampled_from(WORDS), st.tuples(st.sampled_from(WORDS), st.sampled_from(["$accent", "bold"]))
)
LINES = st.lists(PARTS, max_size=8).map(lambda parts: line(*parts))
WHOLE = 60


def strip(content: Content) -> Strip:
    return Strip(content.render_segments(), content.cell_length).adjust_cell_length(WHOLE)


def cells(content: Content, start: int, end: int) -> str:
    """What stands in some cells of a line, with its styles."""
    part = strip(content).crop(start, end).simplify()
    return str([(segment.text, str(segment.style or "")) for segment in part if segment.text])


@given(LINES, LINES)
@example(line("e"), line("e\u0301"))
@example(line(), line("\ufe0f"))
@example(line(("a", "bold"), "b"), line("ab"))
@example(line("中a"), line("a中"))
@example(line(), line(("", "$accent")))
def test_beside_what_is_painted_both_lines_are_the_same(before: Content, after: Content) -> None:
    at = 0
    for start, end in [*changes(before, after, WHOLE), (WHOLE, WHOLE)]:
        assert cells(before, at, start) == cells(after, at, start)
        at = end


@pytest.mark.parametrize("text", ["👩‍💻", "⚠️", "🇩🇪", "🚀", "e\u0301"])
def test_what_terminals_do_not_agree_on_is_painted_whole(text: str) -> None:
    for before, after in ((f"a {text}", "a"), ("a", f"a {text}"), (f"a{text}", f"b{text}")):
        assert [*changes(line(before), line(after), WHOLE)] == [(0, WHOLE)]


@given(LINES)
def test_the_same_line_is_not_painted(content: Content) -> None:
    assert [*changes(content, line(content), WHOLE)] == []


def test_of_a_line_that_grows_only_what_is_new_is_painted() -> None:
    assert [*changes(line("word"), line("word by word"), WHOLE)] == [(5, 12)]
    assert [*changes(line("word by word"), line("word"), WHOLE)] == [(5, 12)]
    assert [*changes(line("中文"), line("中文字"), WHOLE)] == [(4, 6)]


def test_what_changed_at_both_ends_leaves_the_middle() -> None:
    before, after = (line((f"{n} s", "$accent"), "─" * 20, f"{n}") for n in (3, 4))
    assert [*changes(before, after, WHOLE)] == [(0, 1), (23, 24)]
