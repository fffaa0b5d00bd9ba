"""What a library of five hundred models costs: its table scrolls without lag."""

import statistics
from pathlib import Path

from ptybench import Program
from ptyprocess import TUI
from served import served

MODELS = 500
STEPS = 60
SLOWEST = 0.1
"""Seconds from a key to what it shows, by the median: below that nobody sees a lag."""
MOST_CPU = 0.05
"""Seconds of CPU a step."""


def test_a_large_library(tmp_path: Path) -> None:
    with (
        served("--models", str(MODELS), "--short-log") as url,
        Program([*TUI, "--host", url], home=tmp_path, COLORTERM="") as program,
    ):
        program.wait_for("Ask anything")
        program.send("\x1b")
        program.settle(1.0)
        program.send("2")
        program.wait_for(f"All {MODELS}")
        program.settle(1.0)
        spent = program.spending()
        waits = []
        for key in ("j", "j", "\x1b[6~", "j", "k", "\x1b[5~") * (STEPS // 6):
            program.settle(0.2)
            waits.append(-program.send(key) + program.settle(0.1))
        cost = spent()
        slow, cpu = statistics.median(waits), cost.cpu / STEPS
        print(f"\n{MODELS} models: {slow * 1000:.0f} ms from a key to its row, "
              f"{cpu * 1000:.0f} ms of CPU a step, {cost.bytes / STEPS:.0f} bytes")  # fmt: skip
        assert slow < SLOWEST
        assert cpu < MOST_CPU
