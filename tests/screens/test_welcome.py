"""The first page: no server, a server without models, the engine."""

import asyncio
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from signal import SIGKILL

import pytest

from fake_ollama import FakeOllama
from tui.api.client import Ollama
from tui.domain.hosts import HostAddress
from tui.worker.engine import EmbeddedEngine, EngineTrouble
from user import NOBODY, User, chatting, started

TITLE = "No Ollama server answered"
TESTS = Path(__file__).resolve().parents[1]
PROGRAM = """#!/bin/sh
[ "$1" = --version ] && exec echo "Warning: client version is 0.33.0"
echo $$ >> "{log}"
exec "{python}" "{tests}/fake_ollama.py" --port "${{OLLAMA_HOST##*:}}"
"""


async def looked_round(user: User) -> None:
    await user.until(
        lambda: user.sees(TITLE) and user.sees("ollama on this machine") and user.sees("▸"), TITLE
    )
    await user.until(lambda: user.app.focused is user.chats.welcome.page, "focus")


@pytest.fixture
def scripted_engine(monkeypatch: pytest.MonkeyPatch, fake: FakeOllama) -> FakeOllama:
    """The embedded engine is the fake server."""

    async def start(_engine: EmbeddedEngine) -> Ollama:
        return Ollama(HostAddress.parse(fake.url))

    async def attach(_client: Ollama) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(EmbeddedEngine, "missing", lambda _engine: "")
    monkeypatch.setattr(EmbeddedEngine, "start", start)
    monkeypatch.setattr(Ollama, "attach", attach)
    return fake


@pytest.fixture
def no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(EmbeddedEngine, "missing", lambda _engine: "pip install it")


async def test_it_says_what_was_tried_and_what_helps(tmp_path: Path) -> None:
    async with started(tmp_path, NOBODY) as user:
        await looked_round(user)
        await user.sees_soon("✗ http://127.0.0.1:1 ")
        assert user.sees("refused   nothing listens there")
        assert user.sees("Enter another host")
        assert user.sees("○ no server")
        assert not user.sees("Ask anything")


async def test_what_in_an_address_may_not_be_meant_is_said(tmp_path: Path) -> None:
    async with started(tmp_path, "http://127.0.0.1:99999") as user:
        await looked_round(user)
        await user.sees_soon("99999 is not a port; 80 is used.")


async def test_without_the_engine_e_says_which_command_installs_it(
    tmp_path: Path, no_engine: None
) -> None:
    async with started(tmp_path, NOBODY) as user:
        await looked_round(user)
        assert user.sees("not installed here; e says which command installs it")
        assert any("▸" in row and "Enter another host" in row for row in user.screen)
        await user.press("e")
        await user.sees_soon("pip install it")


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An `ollama` on the search path, which serves like the fake server; its log of starts."""
    file, log = tmp_path / "bin" / "ollama", tmp_path / "starts"
    file.parent.mkdir()
    file.write_text(PROGRAM.format(log=log, python=sys.executable, tests=TESTS))
    file.chmod(0o755)
    log.touch()
    monkeypatch.setenv("PATH", str(file.parent), prepend=os.pathsep)
    yield log
    for number in log.read_text().split():
        os.kill(int(number), SIGKILL)


async def test_s_starts_the_ollama_that_is_installed(program: Path, tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    async with started(tmp_path, f"127.0.0.1:{port}") as user:
        await looked_round(user)
        await user.sees_soon("✓ ollama on this machine")
        assert any("▸" in row and "Start ollama serve" in row for row in user.screen)
        await user.press("s")
        await user.sees_soon("Ask llama3.2:3b anything.")
    assert program.read_text().split()


async def test_a_start_that_failed_is_not_told_as_one(program: Path, tmp_path: Path) -> None:
    async with started(tmp_path, NOBODY) as user:
        await looked_round(user)
        await user.sees_soon("✓ ollama on this machine")
        (tmp_path / "bin" / "ollama").unlink()
        await user.press("s")
        await user.until(lambda: "could not be started: No such file" in user.said, "the reason")
        assert not user.sees("Started ")


async def test_no_program_here_is_offered_for_a_server_elsewhere(
    program: Path, tmp_path: Path
) -> None:
    async with started(tmp_path, "no-such-host.invalid") as user:
        await looked_round(user)
        await user.sees_soon("✓ ollama on this machine")
        assert not user.sees("Start ollama serve")


async def test_l_prints_the_ssh_line(tmp_path: Path) -> None:
    async with started(tmp_path, NOBODY) as user:
        await looked_round(user)
        await user.press("l")
        await user.sees_soon("ssh -N -L 11434:127.0.0.1:11434 user@box")
        assert user.sees("ssh://user@box")


async def test_a_tunnel_that_does_not_stand_says_why_and_what_mends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    async with started(tmp_path, "ssh://gpu-box") as user:
        await looked_round(user)
        assert any("ssh://gpu-box" in row and "failed" in row for row in user.screen)
        assert user.sees("there is no ssh on this machine")
        assert user.sees("sudo apt install openssh-client")


async def test_a_server_that_comes_up_opens_the_chat(tmp_path: Path) -> None:
    async with FakeOllama() as fake:
        url, port = fake.url, fake.port
    async with started(tmp_path, url) as user:
        await looked_round(user)
        async with FakeOllama(port=port or int(url.rpartition(":")[2]), reply="There.") as fake:
            await user.press("r")
            await user.sees_soon("Ask llama3.2:3b anything.")
            await user.until(lambda: user.chats.focused is user.chats.pane.prompt, "the prompt")
            await user.ask_and_hear("Hi")
            assert user.sees("There.")


async def test_h_takes_another_host(fake: FakeOllama, tmp_path: Path) -> None:
    async with started(tmp_path, NOBODY) as user:
        await looked_round(user)
        await user.press("h")
        await user.sees_soon("Add a host")
        await user.type(fake.url)
        await user.press("enter")
        await user.sees_soon("Ask llama3.2:3b anything.")
        assert user.session.host == user.worker.hosts.current != "local"


async def test_what_was_found_out_is_about_the_host_in_use(tmp_path: Path) -> None:
    async with started(tmp_path, NOBODY) as user:
        await looked_round(user)
        await user.press("l")
        await user.sees_soon("r tries again")
        await user.press("h")
        await user.sees_soon("Add a host")
        await user.type("127.0.0.1:2")
        await user.press("enter")
        await user.sees_soon("✗ http://127.0.0.1:2 ")
        assert not user.sees("http://127.0.0.1:1 ")
        assert not user.sees("r tries again")


async def test_a_host_that_does_not_answer_yet_is_named_at_once(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        async with started(tmp_path, NOBODY) as user:
            await looked_round(user)
            await user.press("h")
            await user.sees_soon("Add a host")
            await user.type(f"127.0.0.1:{port}")
            await user.press("enter")
            await user.sees_soon(f"Asking http://127.0.0.1:{port}")


async def test_the_ssh_line_goes_when_the_engine_runs(
    scripted_engine: FakeOllama, tmp_path: Path
) -> None:
    scripted_engine.models.clear()
    async with started(tmp_path, NOBODY) as user:
        await looked_round(user)
        await user.press("l")
        await user.sees_soon("ssh -N -L")
        await user.press("e")
        await user.sees_soon("The embedded engine runs and has no model yet")
        assert not user.sees("ssh -N -L")


async def test_old_conversations_can_be_read_without_a_server(
    fake: FakeOllama, tmp_path: Path
) -> None:
    fake.reply = "Still here."
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("Cats")
        await user.press("escape", "x")
    async with started(tmp_path, NOBODY) as user:
        await looked_round(user)
        await user.sees_soon("Your 1 session is here all the same: ^R opens it")
        await user.press("ctrl+r")
        await user.sees_soon("Sessions")
        await user.press("enter")
        await user.sees_soon("Still here.")


async def test_a_new_chat_without_any_model_leaves_the_ways_on_in_sight(tmp_path: Path) -> None:
    async with started(tmp_path, NOBODY) as user:
        await looked_round(user)
        await user.press("ctrl+n")
        await user.rest()
        assert user.sees("Enter another host")
        assert not user.sees("browse")
        await user.press("l")
        await user.sees_soon("ssh -N -L")


async def test_a_conversation_that_is_open_stays_when_the_server_is_gone(
    fake: FakeOllama, tmp_path: Path
) -> None:
    fake.reply = "Still here."
    async with chatting(tmp_path, fake.url) as user:
        await user.ask_and_hear("Cats")
    async with started(tmp_path, NOBODY) as user:
        await user.sees_soon("Still here.")
        await user.ask("More")
        await user.sees_soon("failed")
        await user.rest()
        assert [m.content for m in user.stored()[0].messages][2] == "More"


async def test_a_host_without_models_offers_to_pull_one(tmp_path: Path) -> None:
    async with FakeOllama(names=()) as fake, started(tmp_path, fake.url) as user:
        await user.sees_soon("No models on local")
        await user.press("p")
        await user.sees_soon("Pull")
        await user.type("qwen3:0.6b")
        await user.press("enter")
        await user.sees_soon("Ask qwen3:0.6b anything.")


async def test_a_host_with_models_that_embed_only_says_so(tmp_path: Path) -> None:
    async with (
        FakeOllama(names=("nomic-embed-text:latest",)) as fake,
        started(tmp_path, fake.url) as user,
    ):
        await user.sees_soon("No model on local can chat")


async def test_e_starts_the_engine_and_m_gets_a_model_and_a_chat(
    scripted_engine: FakeOllama, tmp_path: Path
) -> None:
    scripted_engine.models.clear()
    scripted_engine.hold.clear()
    async with started(tmp_path, NOBODY) as user:
        await looked_round(user)
        await user.press("e")
        await user.sees_soon("The embedded engine runs and has no model yet")
        assert user.sees("SmolLM2-135M-Instruct) is a toy")
        await user.press("m")
        await user.sees_soon("↓ downloading")
        scripted_engine.hold.set()
        await user.sees_soon("Ask smollm2:135m anything.")
        assert user.session.host == "embedded"


async def test_an_engine_that_does_not_start_says_why(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async def start(_engine: EmbeddedEngine) -> Ollama:
        raise EngineTrouble("The embedded engine did not start: no room.")

    monkeypatch.setattr(EmbeddedEngine, "missing", lambda _engine: "")
    monkeypatch.setattr(EmbeddedEngine, "start", start)
    async with started(tmp_path, NOBODY) as user:
        await looked_round(user)
        await user.press("e")
        await user.sees_soon("The embedded engine does not run")
        assert user.sees("did not start: no room.")


@pytest.mark.parametrize("size", [(80, 24), (40, 15), (20, 6)])
async def test_it_fits_into_small_windows(tmp_path: Path, size: tuple[int, int]) -> None:
    async with started(tmp_path, NOBODY, size=size) as user:
        await user.sees_soon("No Ollama")
