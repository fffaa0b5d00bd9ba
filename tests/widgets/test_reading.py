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


@given(SIZES.filter(bool), st.integers(4, 9), st.lists(st.integers(1, 3), min_size=1, max_size=30))
def test_on_a_slow_line_it_jumps_and_seldom_moves(
    sizes: list[int], height: int, grown: list[int]
) -> None:
    reading = window(sizes, height)
    reading.jump = height // 2
    for by in grown:
        before = reading.top
        sizes[-1] += by
        reading.settle()
        shown = list(reading.lines())
        assert shown[-1] == (len(sizes) - 1, sizes[-1] - 1)
        assert reading.top == before or len(shown) == height - reading.jump
        assert reading.following


@given(SIZES.filter(bool), st.integers(1, 9), st.integers(1, 30), st.integers(1, 4))
def test_in_slices_it_comes_to_the_end_by_and_by(
    sizes: list[int], height: int, grown: int, most: int
) -> None:
    reading, lines = window(sizes, height), len(flat(sizes))
    sizes[-1] += grown
    steps = 0
    while reading.lags or not steps:
        before = reading.top
        reading.settle(most)
        steps += 1
        assert reading.top > before or not reading.lags
    assert reading.top == reading.end()
    behind = max(lines + grown - height, 0) - max(lines - height, 0)
    assert steps >= behind / most
