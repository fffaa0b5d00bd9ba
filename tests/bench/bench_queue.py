"""What a full download queue costs: fifty pulls, eight of which run at once."""

from pathlib import Path

import msgspec

from ptybench import Program
from ptyprocess import TUI
from served import served
from tui.domain.pulls import Pull
from tui.domain.session import new_id

QUEUED, RUNNING = 50, 8
LINES_A_SECOND = 16
SECONDS = 20.0
MOST_CPU = 0.05
"""Of one core."""
MOST_BYTES = 2000
"""A second, to the terminal."""
_KNOBS = ("--pull-size", "40000000000", "--pull-rate", "30000000")


def _queue(home: Path) -> None:
    """A home with a queue in it."""
    folder = home / "state" / "queue"
    folder.mkdir(parents=True)
    for place in range(1, QUEUED + 1):
        pull = Pull(id=new_id(), name=f"model{place}:7b", place=place)
        (folder / f"{pull.id}.json").write_bytes(msgspec.json.encode(pull))
    (home / "config").mkdir()
    (home / "config" / "config.toml").write_text(f"pulls_at_once = {RUNNING}\n")


def test_a_full_queue(tmp_path: Path) -> None:
    _queue(tmp_path)
    knobs = (*_KNOBS, "--pull-hz", str(LINES_A_SECOND), "--short-log")
    with (
        served(*knobs) as url,
        Program([*TUI, "--host", url], home=tmp_path, COLORTERM="") as program,
    ):
        program.wait_for("Ask anything")
        program.send("\x1b")
        program.run_for(1.0)
        program.send("3")
        program.wait_for("Active 8")
        program.run_for(5.0)
        spent = program.spending()
        program.run_for(SECONDS)
        cost = spent()
        cpu, amount = cost.cpu / cost.wall, cost.bytes / cost.wall
        print(f"\n{QUEUED} pulls, {RUNNING} running: {cpu:.1%} of a core, {amount:.0f} bytes/s")
        assert "Active 8" in program.text
        assert cpu < MOST_CPU
        assert amount < MOST_BYTES
