"""What is not painted anew must look as before."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from textual.content import Content
from textual.strip import Strip

from tui.widgets.changes import changed_width
from tui.widgets.lines import Part, line

WORDS = ["a", "b ", "──", "中", "é", "👩‍💻", "👩", "\u200d", "💻", "❤️", "❤", "\ufe0f", "", "  "]
PARTS: st.SearchStrategy[Part] = st.one_of(
    st.sampled_from(WORDS), st.tuples(st.sampled_from(WORDS), st.sampled_from(["$accent", "bold"]))
)
LINES = st.lists(PARTS, max_size=6).map(lambda parts: line(*parts))


WHOLE = 60


def beyond(content: Content, width: int) -> str:
    """What of a line stands right of a width, with its styles."""
    strip = Strip(content.render_segments(), content.cell_length)
    segments = [each for each in strip.crop(width).simplify() if each.text]
    return str([(segment.text, str(segment.style)) for segment in segments])


@given(LINES, LINES)
@example(line("e"), line("e\u0301"))
@example(line(), line("\ufe0f"))
@example(line(("a", "bold"), "b"), line("ab"))
@example(line(), line(("", "$accent")))
def test_beyond_the_width_both_lines_are_the_same(before: Content, after: Content) -> None:
    width = changed_width(before, after, WHOLE)
    if width < WHOLE:
        assert beyond(before, width) == beyond(after, width)


@pytest.mark.parametrize("text", ["👩‍💻", "⚠️", "🇩🇪", "🚀", "e\u0301"])
def test_what_terminals_do_not_agree_on_is_painted_whole(text: str) -> None:
    assert changed_width(line("a ", text), line("a"), WHOLE) == WHOLE
    assert changed_width(line("a"), line("a ", text), WHOLE) == WHOLE
    assert changed_width(line("a", text), line("b", text), WHOLE) == WHOLE


@given(LINES)
def test_the_same_line_is_not_painted(content: Content) -> None:
    assert changed_width(content, line(content), WHOLE) == 0


def test_a_line_that_grows_is_painted_to_its_end() -> None:
    assert changed_width(line("word"), line("word by word"), WHOLE) == 12
    assert changed_width(line("word by word"), line("word"), WHOLE) == 12


def test_what_changed_in_the_middle_leaves_the_rest() -> None:
    before, after = (line("─ ", (f"{n} s", "$accent"), " ─────") for n in (3, 4))
    assert changed_width(before, after, WHOLE) == 3
