"""The program over ssh: however it ends, no process of its tunnel is left."""

from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from signal import SIGHUP, SIGKILL, SIGTERM, Signals

import psutil
import pytest

from eventually import eventually, lives
from fake_ollama import FakeOllama
from sshd import Sshd, needs_sshd, nothing_left, ssh_processes
from terminal import Terminal

pytestmark = needs_sshd
READY = "llama3.2:3b"
QUIT = "\x11"


@pytest.fixture
async def box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Sshd]:
    sshd = Sshd(tmp_path / "box")
    sshd.put_on_path(monkeypatch)
    async with sshd:
        yield sshd


def behind(box: Sshd, fake: FakeOllama) -> str:
    return f"{box.url}/:{fake.url.rpartition(':')[2]}"


async def test_it_chats_through_a_tunnel_and_leaves_none(
    fake: FakeOllama, box: Sshd, tmp_path: Path
) -> None:
    fake.reply, url = "Hello, you.", behind(box, fake)
    async with Terminal("--host", url, home=tmp_path) as terminal:
        await terminal.until(READY)
        terminal.press("Hi\r")
        await terminal.until("Hello, you.")
        terminal.press("\x1b4")
        await terminal.until(f"tunnel up   {url}")
        assert ssh_processes(box.port)
        terminal.press(QUIT)
        assert await terminal.exit_code() == 0
        await nothing_left(box.port)


@pytest.mark.parametrize("number", [SIGTERM, SIGHUP, SIGKILL])
async def test_no_signal_leaves_a_tunnel_behind(
    fake: FakeOllama, box: Sshd, tmp_path: Path, number: Signals
) -> None:
    async with Terminal("--host", behind(box, fake), home=tmp_path) as terminal:
        await terminal.until(READY)
        assert ssh_processes(box.port)
        terminal.kill(number)
        await terminal.exit_code()
        await nothing_left(box.port)


async def test_a_kill_while_the_tunnel_opens_leaves_nothing_either(
    box: Sshd, tmp_path: Path
) -> None:
    box.use_key("user", "ProxyCommand sleep 1000")
    async with Terminal("--host", box.url, home=tmp_path) as terminal:
        program = psutil.Process(terminal.pid)

        def family() -> list[psutil.Process]:
            return program.children(recursive=True)

        def has_come_to_the_proxy() -> bool:
            with suppress(psutil.NoSuchProcess):
                return any(each.name() == "sleep" for each in family())
            return False

        await terminal.until(has_come_to_the_proxy)
        started = family()
        terminal.kill(SIGKILL)
        await terminal.exit_code()
        await eventually(lambda: not any(lives(each.pid) for each in started), "their end", 5.0)


async def test_a_window_that_closes_takes_the_tunnel_with_it(
    fake: FakeOllama, box: Sshd, tmp_path: Path
) -> None:
    async with Terminal("--host", behind(box, fake), home=tmp_path) as terminal:
        await terminal.until(READY)
        terminal.close()
        await nothing_left(box.port)


async def test_a_command_of_the_command_line_ends_its_tunnel(
    fake: FakeOllama, box: Sshd, tmp_path: Path
) -> None:
    async with Terminal("--host", behind(box, fake), "list", home=tmp_path) as terminal:
        assert await terminal.exit_code() == 0
        assert terminal.has(READY)
        await nothing_left(box.port)
