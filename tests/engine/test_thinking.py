from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tui.engine.thinking import ThinkingSplitter


def _split(prompt: str, pieces: list[str]) -> tuple[str, str]:
    splitter = ThinkingSplitter(prompt)
    told = [splitter.take(piece) for piece in pieces] + [splitter.take("", last=True)]
    return "".join(thinking for thinking, _ in told), "".join(answer for _, answer in told)


@given(st.lists(st.integers(0, 60)))
def test_however_it_is_cut_the_thinking_is_told_apart(cuts: list[int]) -> None:
    text = "<think>\nHm, 1 < 2 </thin but so.</think>\n\nYes. <think> is a tag."
    places = sorted({0, *cuts, len(text)})
    pieces = [text[start:end] for start, end in pairwise(places)]
    assert _split("", pieces) == ("Hm, 1 < 2 </thin but so.", "Yes. <think> is a tag.")


def test_a_prompt_may_end_inside_the_thinking() -> None:
    assert _split("assistant\n<think>\n", ["Hm", "</think>", "Yes"]) == ("Hm", "Yes")


def test_an_answer_without_thinking_is_left_as_it_is() -> None:
    assert _split("", [" Yes", " <", "b>"]) == ("", " Yes <b>")


def test_thinking_that_never_ends_is_all_thinking() -> None:
    assert _split("", ["<think>Hm", " and </thi"]) == ("Hm and </thi", "")


def test_a_piece_of_the_opening_tag_alone_is_answer() -> None:
    assert _split("", ["<thi"]) == ("", "<thi")
