"""doctor: findings in lines or JSON, and an exit code for scripts."""

from pathlib import Path

import pytest

from commanding import Ran
from fake_ollama import FakeOllama


@pytest.fixture(autouse=True)
def _good_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.delenv("TMUX", raising=False)
    monkeypatch.setattr("tui.worker.mending._near", lambda _address: iter(()))
    # Loading llama.cpp takes seconds on a busy machine, and has tests of its own.
    monkeypatch.setattr("tui.worker.engine.EmbeddedEngine.missing", lambda _engine: "not there")


async def test_a_server_in_good_health_is_told_in_lines(ran: Ran, fake: FakeOllama) -> None:
    done = await ran("doctor")
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[0] == "local"
    assert lines[1].split() == ["✓", "address", fake.url]
    assert [line for line in lines if line and not line.startswith(" ")] == [
        "local",
        "this machine",
        "embedded engine",
        "this terminal",
    ]


async def test_what_is_bad_is_told_with_its_cause_and_what_mends_it(
    ran: Ran, fake: FakeOllama
) -> None:
    fake.errors["*"] = 401, ""
    done = await ran("doctor", fake.url.replace("://", "://me:s3cret@"))
    assert done.code == 1
    lines = [line.strip() for line in done.out.splitlines()]
    at = next(number for number, line in enumerate(lines) if line.startswith("✗ credentials"))
    assert "refused (401)" in lines[at]
    assert lines[at + 1].startswith("User, password or key are wrong")
    assert lines[at + 2].startswith("▸ ollama-tui --host http://USER:PASSWORD@127.0.0.1:")
    assert "s3cret" not in done.out + done.err


async def test_findings_can_be_read_by_programs(ran: Ran, fake: FakeOllama) -> None:
    done = await ran("doctor", "no-such-box.invalid", "--json")
    assert done.code == 1
    name = next(each for each in done.lines if each["name"] == "name")
    assert (name["part"], name["state"]) == ("no-such-box.invalid", "bad")
    assert {*name} == {"name", "state", "said", "cause", "mend", "part"}


async def test_an_address_that_cannot_be_is_refused(ran: Ran) -> None:
    assert (await ran("doctor", "ftp://box")).code == 2


async def test_a_box_behind_ssh_is_examined_too(
    ran: Ran, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    done = await ran("doctor", "ssh://me@lab")
    assert done.code == 1
    lines = [line.strip() for line in done.out.splitlines()]
    assert lines[:3] == ["lab", "✓ address         ssh://me@lab",
                         "✗ ssh             there is no ssh on this machine"]  # fmt: skip
    assert "▸ sudo apt install openssh-client" in lines
    listed = await ran("list", "--host", "ssh://me@lab")
    assert listed.code == 1
    assert listed.err.startswith("ssh://me@lab: there is no ssh on this machine.")
