"""What waits above the prompt: three lines at most, whatever the width."""

import pytest

from tui.widgets.waiting_lines import Waiters, waiting_lines

TEXTS = tuple(f"message {number}\nwith more" for number in range(1, 6))


@pytest.mark.parametrize("width", [20, 40, 80, 120])
@pytest.mark.parametrize("models", [(), ("qwen3:8b", "gemma3:4b")])
@pytest.mark.parametrize("count", range(5))
def test_there_are_three_lines_at_most_and_none_too_wide(
    width: int, models: tuple[str, ...], count: int
) -> None:
    rows = waiting_lines(Waiters(TEXTS[:count], models=models), width)
    assert len(rows) == min(count + bool(models), 3)
    assert all(row.cell_length == width for row in rows)


def test_what_was_cut_short_is_told_apart() -> None:
    [row] = waiting_lines(Waiters(("Second",), running=False), 80)
    assert row.plain.startswith(" ‖ 1 not sent: Second")
    assert row.plain.rstrip().endswith("w send, edit, remove")
