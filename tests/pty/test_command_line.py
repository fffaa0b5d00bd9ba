"""The program where it draws nothing: help, versions, and refusals in one line."""

import subprocess
from pathlib import Path

import pytest

from ptyprocess import TUI, environment
from terminal import Terminal
from tui import __version__


def run(home: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """The program with no terminal."""
    return subprocess.run(
        [*TUI, *arguments],
        env=environment(home),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_it_tells_its_version(tmp_path: Path) -> None:
    done = run(tmp_path, "--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"ollama-tui {__version__}\n", "")


def test_help_names_every_option_and_variable(tmp_path: Path) -> None:
    done = run(tmp_path, "--help")
    assert done.returncode == 0
    for word in ("--host", "--model", "--session", "--prompt", "serve", "OLLAMA_HOST"):
        assert word in done.stdout


def test_serve_takes_where_to_listen(tmp_path: Path) -> None:
    assert "where to listen" in run(tmp_path, "serve", "--help").stdout


def test_without_a_terminal_it_says_so_in_one_line_and_writes_nothing(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "terminal" in done.stderr
    assert [*tmp_path.iterdir()] == []


async def test_a_dumb_terminal_is_told_apart_and_gets_no_sequences(tmp_path: Path) -> None:
    async with Terminal(home=tmp_path, TERM="dumb") as terminal:
        assert await terminal.exit_code() == 2
    assert "full screen" in terminal.text
    assert b"\x1b" not in terminal.output


@pytest.mark.parametrize(
    ("arguments", "variable"), [(("--host", "ftp://box"), ""), ((), "ftp://box")]
)
async def test_a_wrong_scheme_is_refused_before_the_screen_is_taken(
    tmp_path: Path, arguments: tuple[str, ...], variable: str
) -> None:
    async with Terminal(*arguments, home=tmp_path, OLLAMA_HOST=variable) as terminal:
        assert await terminal.exit_code() == 2
    assert "ftp:// is not a scheme" in terminal.text
    assert b"\x1b" not in terminal.output


async def test_an_unknown_option_is_refused(tmp_path: Path) -> None:
    async with Terminal("--colour", home=tmp_path) as terminal:
        assert await terminal.exit_code() == 2
    assert "--colour" in terminal.text
