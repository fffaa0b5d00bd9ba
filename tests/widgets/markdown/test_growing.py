"""However an answer comes in, it ends up as if it had come at once."""

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.widgets.markdown import Document, Space

PIECES = st.sampled_from(
    [
        *"abc 	\n*_`~[]()<>|:-+#>=1.2)$\\&;!\x1b\r\x00",
        *[
            "\n\n",
            "```\n",
            "```py\n",
            "~~~",
            "    ",
            "| a | b |\n",
            "|---|:-:|\n",
            "- ",
            "1. ",
            "> ",
        ],
        *[
            "# ",
            "---\n",
            "===\n",
            "**b**",
            "`c`",
            "[x](y)",
            "[x]: y\n",
            "$$",
            "\\[",
            "\\]",
            "\r\n",
            "- [ ] ",
        ],
        *[
            "中文",
            "，",
            "「",
            "」",
            "👩‍👩‍👧",
            "❤️",
            "e\u0301",
            "🇩🇪",
            "\u200d",
            "\ufe0f",
            "\u200b",
            "\xa0",
            "\u2028",
        ],
        *["word ", "longerword ", "def f():\n", "'''", "&#27;", "&amp;", "<b>", "https://x.org/y "],
    ]
)
TEXTS = st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=80)
WIDTHS = st.integers(10, 60)
SPACES = st.builds(
    lambda width, across: Space(width, width + 7, across), WIDTHS, st.none() | st.integers(0, 30)
)


def lines(document: Document, text: str) -> list[tuple[str, list[tuple[int, int, str]]]]:
    return [
        (row.plain, [(s.start, s.end, str(s.style)) for s in row.spans])
        for row in document.update(text)
    ]


@settings(max_examples=400, deadline=None)
@given(TEXTS, SPACES, st.lists(st.integers(0, 200), max_size=12))
@example("1. a\n\n2. b\n", Space(20, 27), [7, 8, 9])
@example("- a\n\n-x\n", Space(20, 27), [6, 7])
@example("para\n| a | b |\n|--|--|\n| c |\n\nend\n", Space(20, 27), [16, 21, 23])
@example("|--x\n", Space(20, 27), [1, 2, 3])
@example("a\r\n\r\nb\r\n\r\nc\r\n\r\nd", Space(20, 27), list(range(20)))
def test_any_pieces_make_the_same_lines_as_the_whole(
    text: str, space: Space, cuts: list[int]
) -> None:
    growing = Document(space)
    for cut in sorted(cuts):
        assert lines(growing, text[:cut]) == lines(Document(space), text[:cut])
    assert lines(growing, text) == lines(Document(space), text)


@settings(max_examples=400, deadline=None)
@given(TEXTS, SPACES)
def test_no_line_is_wider_than_its_room(text: str, space: Space) -> None:
    for row in Document(space).update(text):
        assert cell_len(row.plain) <= space.full
        assert row.cell_length <= space.full
        assert row.plain.isprintable() or not set(row.plain) & set("\n\t\r\x1b\x00\x07\x9b")


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab中，e\u0301 ", max_size=60), WIDTHS)
def test_no_letter_is_lost_or_made(text: str, width: int) -> None:
    drawn = "".join(row.plain for row in Document(Space(width, width)).update(text))
    for letter in "ab中，e":
        assert drawn.count(letter) == text.count(letter)


def test_an_answer_that_is_changed_above_is_drawn_anew() -> None:
    document = Document(Space(20, 20))
    document.update("one\n\ntwo\n\nthree\n\nfour\n\n")
    assert [row.plain for row in document.update("other\n\ntwo")] == ["other", "", "two"]


def test_finished_blocks_are_laid_out_once() -> None:
    document = Document(Space(20, 20))
    first = document.update("one\n\ntwo\n\nthree\n\n")
    then = document.update("one\n\ntwo\n\nthree\n\nfour\n\nfive")
    assert all(a is b for a, b in zip(first[:3], then[:3], strict=True))


@pytest.mark.parametrize(
    "piece", ["[", "![", "*a", "**", "`", "> ", "- ", "$", "$$", "\\(", "<a", "_a_", "|", "~~a"]
)
def test_strange_text_is_drawn_in_time(piece: str) -> None:
    began = time.process_time()
    Document(Space(80, 80)).update(piece * (20_000 // len(piece)))
    assert time.process_time() - began < 2
