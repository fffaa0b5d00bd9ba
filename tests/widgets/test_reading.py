from hypothesis import given
from hypothesis import strategies as st

from tui.widgets.reading import Reading

SIZES = st.lists(st.integers(1, 9), max_size=8)


def window(sizes: list[int], height: int) -> Reading:
    reading = Reading(sizes.__getitem__)
    reading.count, reading.height = len(sizes), height
    reading.settle()
    return reading


def flat(sizes: list[int]) -> list[tuple[int, int]]:
    return [(index, at) for index, size in enumerate(sizes) for at in range(size)]


@given(SIZES, st.integers(1, 12), st.lists(st.integers(-15, 15), max_size=6))
def test_it_scrolls_like_one_long_text(sizes: list[int], height: int, moves: list[int]) -> None:
    reading, lines = window(sizes, height), flat(sizes)
    last = max(len(lines) - height, 0)
    top = last
    for by in moves:
        reading.scroll(by)
        top = min(max(top + by, 0), last)
        assert list(reading.lines()) == lines[top : top + height]
        assert reading.following == (top == last)


@given(SIZES.filter(bool), st.integers(1, 6), st.integers(0, 7))
def test_what_grows_below_moves_nothing(sizes: list[int], height: int, index: int) -> None:
    reading = window(sizes, height)
    reading.go((0, 0))
    before, following = list(reading.lines()), reading.following
    index = min(index, len(sizes) - 1)
    sizes[-1] += index
    reading.settle()
    if following:
        assert list(reading.lines())[-1:] == flat(sizes)[-1:]
    else:
        assert list(reading.lines())[: len(before)] == before


def test_a_text_that_shrinks_is_shown_to_its_end() -> None:
    sizes = [5, 5, 5]
    reading = window(sizes, 6)
    reading.go((1, 0))
    sizes[2] = 1
    reading.settle()
    assert list(reading.lines())[-1] == (2, 0)
    assert reading.following
