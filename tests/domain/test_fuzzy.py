from hypothesis import given
from hypothesis import strategies as st

from tui.domain.fuzzy import fuzzy


def best(query: str, *texts: str) -> list[str]:
    scored = [(match.score, text) for text in texts if (match := fuzzy(query, text))]
    return [text for _score, text in sorted(scored, reverse=True)]


def test_letters_are_found_in_their_order() -> None:
    match = fuzzy("qcd", "qwen2.5-coder:32b")
    assert match
    assert match.positions == (0, 8, 10)
    assert fuzzy("dcq", "qwen2.5-coder:32b") is None


def test_letters_that_stand_together_come_first() -> None:
    assert best("wen", "w-e-n", "qwen3:14b", "wen:1b") == ["wen:1b", "qwen3:14b", "w-e-n"]


def test_the_beginning_of_a_word_comes_before_its_middle() -> None:
    assert best("code", "opencoder", "qwen-coder")[0] == "qwen-coder"
    match = fuzzy("a", "ba a")
    assert match
    assert match.positions == (3,)


def test_words_may_stand_in_any_order() -> None:
    match = fuzzy("14b QWEN", "qwen3:14b")
    assert match
    assert match.positions == (0, 1, 2, 3, 6, 7, 8)


def test_a_word_that_is_whole_comes_before_one_that_goes_on() -> None:
    assert best("qwen", "qwen3:4b", "qwen:4b")[0] == "qwen:4b"


def test_nothing_asked_matches_everything() -> None:
    assert fuzzy("", "qwen3:14b") == (0, ())


@given(st.text(max_size=30), st.text(max_size=4))
def test_positions_point_into_the_text(text: str, query: str) -> None:
    match = fuzzy(query, text)
    if match:
        assert all(0 <= at < len(text) for at in match.positions)


@given(st.text(alphabet="abc:-", min_size=1, max_size=20))
def test_every_text_matches_itself_and_its_every_other_letter(text: str) -> None:
    assert fuzzy(text, text)
    assert fuzzy(text[::2], text)
