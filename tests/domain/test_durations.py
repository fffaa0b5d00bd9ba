import pytest

from tui.domain.durations import FOREVER, seconds


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("5m", 300),
        ("1h30m", 5400),
        ("300ms", 0.3),
        ("1.5s", 1.5),
        (" 24h ", 86400),
        ("0", 0),
        ("0s", 0),
        (0, 0),
        (2, 2),
        ("10", 10),
        (-1, FOREVER),
        ("-1", FOREVER),
        ("-1m", FOREVER),
        ("1000000h0m", 3.6e9),
        ("9999999999h", FOREVER),
    ],
)
def test_a_duration_is_read_as_go_reads_it(written: str | int, meant: float) -> None:
    assert seconds(written) == pytest.approx(meant)


@pytest.mark.parametrize("written", ["soon", "", "5 m", "m5", "5x", "1h!", "--5", "-+5m"])
def test_a_duration_that_means_nothing_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="time: invalid duration"):
        seconds(written)
