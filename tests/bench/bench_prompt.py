"""How soon a key shows, whatever stands in the prompt."""

from pathlib import Path

import pytest

from ptybench import Program, percentile
from ptyprocess import TUI
from served import served

MOST = 20.0
"""Milliseconds within which 95 of 100 keys show; on a busy machine twice what no text takes."""
TEXTS = {
    "100 kB, folded": "some lines\r" * 10_000,
    "a paragraph of 3.9 kB": "word " * 779,
    "240 lines, 3.9 kB": "some words here\r" * 240,
    "3.9 kB of Chinese": "中文" * 650,
}


def echo(url: str, home: Path, text: str) -> float:
    with Program([*TUI, "--host", url], home=home, COLORTERM="") as program:
        program.wait_for("llama3.2:3b")
        program.settle()
        program.send(f"\x1b[200~{text}\x1b[201~")
        program.run_for(1.0)
        program.settle()
        echoes = program.echo_latency("q", "wertyuiopasdfghjklzxcvbnm")
    return 1000 * percentile(echoes, 95)


@pytest.mark.parametrize("name", TEXTS)
def test_a_key_shows_at_once(name: str, tmp_path: Path) -> None:
    with served() as url:
        plain, found = (echo(url, tmp_path / str(len(t)), t) for t in ("", TEXTS[name]))
    print(f"\na key shows within {plain:.1f} ms, behind {name} within {found:.1f} ms")
    assert found < max(MOST, 2 * plain)
