"""What a terminal's environment tells the connection doctor."""

import os
from pathlib import Path

import pytest

from tui.domain.checkup import Finding
from tui.terminal.checkup import examine


async def seen(**environment: str) -> dict[str, Finding]:
    return {each.name: each async for each in examine(True, environment)}


async def test_a_good_terminal_has_only_good_findings() -> None:
    found = await seen(TERM="xterm-256color", COLORTERM="truecolor", LANG="de_DE.UTF-8")
    assert {finding.state for finding in found.values()} == {"good"}
    assert found["colours"].said == "16 million"
    assert {finding.part for finding in found.values()} == {"this terminal"}


async def test_a_terminal_that_cannot_draw_is_bad() -> None:
    for kind in ("dumb", ""):
        found = (await seen(TERM=kind))["terminal"]
        assert (found.state, found.mend) == ("bad", "export TERM=xterm-256color")
    elsewhere = {each.name: each async for each in examine(False, {})}
    assert elsewhere["terminal"].state == "unknown"


async def test_what_the_terminal_is_inside_of_is_said() -> None:
    found = await seen(TERM="screen", STY="1.pts", SSH_TTY="/dev/pts/1")
    assert found["terminal"].said == "screen (screen, ssh)"
    assert "through screen" in found["clipboard"].said


@pytest.mark.parametrize(
    ("environment", "state", "said"),
    [
        ({"NO_COLOR": "1"}, "good", "none, as NO_COLOR wishes"),
        ({"TERM": "xterm-256color"}, "good", "256"),
        ({"TERM": "xterm"}, "unknown", "16 or fewer"),
    ],
)
async def test_colours_are_told(environment: dict[str, str], state: str, said: str) -> None:
    found = (await seen(**environment))["colours"]
    assert (found.state, found.said) == (state, said)


@pytest.mark.parametrize(
    ("environment", "state"),
    [
        ({}, "unknown"),
        ({"LANG": "C"}, "unknown"),
        ({"LC_ALL": "de_DE.ISO-8859-1", "LANG": "de_DE.UTF-8"}, "bad"),
        ({"LC_CTYPE": "en_US.utf8", "LANG": "C"}, "good"),
    ],
)
async def test_letters_need_utf_8(environment: dict[str, str], state: str) -> None:
    assert (await seen(**environment))["characters"].state == state


@pytest.mark.parametrize(
    ("script", "state"), [("echo off", "bad"), ("echo external", "good"), ("exec sleep 60", "good")]
)
async def test_a_tmux_that_keeps_copies_to_itself_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, state: str
) -> None:
    monkeypatch.setattr("tui.terminal.multiplexer._SECONDS", 5.0 if "echo" in script else 0.05)
    program = tmp_path / "tmux"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    found = (await seen(TMUX="/tmp/tmux-0/default,1,0"))["clipboard"]
    assert found.state == state
    assert bool(found.mend) == (state == "bad")
