"""Numbers as the screen writes them."""

from datetime import UTC, datetime, timedelta

import pytest

from tui.domain import units

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1 kB"),
        (523_400_000, "523 MB"),
        (4_700_000_000, "4.7 GB"),
        (20_200_000_000, "20.2 GB"),
        (142_000_000_000, "142 GB"),
        (1_500_000_000_000, "1.5 TB"),
    ],
)
def test_sizes_are_decimal(count: int, text: str) -> None:
    assert units.size(count) == text


@pytest.mark.parametrize(
    ("done", "total", "text"),
    [
        (8_700_000_000, 20_200_000_000, "8.7/20.2 GB"),
        (0, 2_000_000_000, "0.0/2.0 GB"),
        (12_000_000, 98_000_000, "12/98 MB"),
        (0, 0, "0/0 B"),
    ],
)
def test_progress_is_told_in_the_unit_of_the_whole(done: int, total: int, text: str) -> None:
    assert units.progress(done, total) == text


def test_a_speed_is_told_once_it_is_known() -> None:
    assert units.speed(71_000_000) == "71 MB/s"
    assert units.speed(0) == ""


@pytest.mark.parametrize(
    ("fraction", "text"),
    [(0, "0 %"), (0.436, "43 %"), (0.999, "99 %"), (1, "100 %"), (2, "100 %")],
)
def test_all_is_there_only_at_a_hundred_percent(fraction: float, text: str) -> None:
    assert units.percent(fraction) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0"), (820, "820"), (2_100, "2.1k"), (99_999, "100k"), (131_072, "131k")],
)
def test_tokens_are_told_short(count: int, text: str) -> None:
    assert units.tokens(count) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0:00"), (45.9, "0:45"), (162, "2:42"), (3727, "1:02:07"), (-3, "0:00")],
)
def test_a_span_counts_down_like_a_clock(seconds: float, text: str) -> None:
    assert units.clock(seconds) == text


@pytest.mark.parametrize(
    ("passed", "text"),
    [
        (timedelta(seconds=-5), "now"),
        (timedelta(seconds=59), "now"),
        (timedelta(minutes=5), "5 min"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(hours=23), "23 hours"),
        (timedelta(days=1), "yesterday"),
        (timedelta(days=13), "13 days"),
        (timedelta(days=14), "2 weeks"),
        (timedelta(days=59), "8 weeks"),
        (timedelta(days=60), "2 months"),
        (timedelta(days=364), "12 months"),
        (timedelta(days=365), "1 year"),
        (timedelta(days=800), "2 years"),
    ],
)
def test_how_long_ago_is_told_in_a_word_or_two(passed: timedelta, text: str) -> None:
    assert units.ago(NOW - passed, NOW) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(-1, ""), (59, ""), (60, "1 min"), (3599, "59 min"), (3600, "1 h"), (86399, "23 h"),
     (86400, "1 day"), (200000, "2 days")],
)  # fmt: skip
def test_how_long_something_lasts_is_told_in_one_unit(seconds: float, text: str) -> None:
    assert units.lasting(seconds) == text


@pytest.mark.parametrize(
    ("told", "text"),
    [("134.52M", "135M"), ("751.63M", "752M"), ("14.77B", "14.77B"), ("8x7B", "8x7B"), ("", "")],
)
def test_parameters_are_told_short(told: str, text: str) -> None:
    assert units.parameters(told) == text
