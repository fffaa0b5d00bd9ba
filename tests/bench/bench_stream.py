"""What a streamed answer costs, beside the plain way to stream in Textual. Prints, judges not."""

import sys
from collections.abc import Sequence
from pathlib import Path

from ptybench import Program, percentile
from ptyprocess import TUI
from served import served

PLAIN = (sys.executable, str(Path(__file__).with_name("markdown_stream.py")))
TOKENS = 2000
TOKENS_PER_SECOND = 200
END = "THE-END"


def stream(command: Sequence[str], home: Path, ready: str, what: str) -> None:
    """Ask for a long answer and follow it to its last word, typing meanwhile."""
    with Program(command, home=home) as program:
        program.wait_for(ready)
        program.settle()
        before = program.rss()
        spent = program.spending()
        program.send("Tell me everything\r")
        program.run_for(1.0)
        echoes = [1000 * each for each in program.echo_latency("q", "wertyuiop")]
        program.wait_for(END, 120.0)
        cost = spent()
        print(
            f"\n{what}: {cost.bytes / TOKENS:.0f} bytes and {1000 * cost.cpu / TOKENS:.2f} ms CPU "
            f"a token; ends {cost.wall - TOKENS / TOKENS_PER_SECOND:+.1f} s after the server; "
            f"keys show in {percentile(echoes, 50):.0f} ms (p95 {percentile(echoes, 95):.0f}); "
            f"memory {before:.0f} -> {program.rss():.0f} MiB"
        )


def test_a_long_answer(tmp_path: Path) -> None:
    knobs = ("--tokens", str(TOKENS), "--tps", str(TOKENS_PER_SECOND), "--marker", END)
    with served(*knobs) as url:
        stream([*PLAIN, url], tmp_path, "Ask something", "MarkdownStream")
        stream([*TUI, "--host", url], tmp_path, "Ask ", "ollama-tui")
