"""The doctor's way over ssh: each step by itself, and what mends the first that is bad."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from fake_ollama import FakeOllama
from sshd import Sshd, free_port, needs_sshd, nothing_left
from tui.domain.checkup import Finding
from tui.domain.hosts import HostAddress
from tui.worker.host_checkup import HostCheckup

pytestmark = needs_sshd


@pytest.fixture
async def box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Sshd]:
    sshd = Sshd(tmp_path / "box")
    sshd.put_on_path(monkeypatch)
    async with sshd:
        yield sshd


async def examined(url: str) -> dict[str, Finding]:
    looks = HostCheckup(HostAddress.parse(url)).findings()
    return {finding.name: finding async for finding in looks}


async def first_bad(url: str) -> Finding:
    """The only finding that is bad: those before it are good, those behind it unknown."""
    found = [*(await examined(url)).values()]
    states = [finding.state for finding in found]
    at = states.index("bad")
    assert states == ["good"] * at + ["bad"] + ["unknown"] * (len(states) - at - 1)
    return found[at]


async def test_each_step_of_a_tunnel_that_works_says_what_it_saw(
    box: Sshd, fake: FakeOllama
) -> None:
    port = fake.url.rpartition(":")[2]
    found = await examined(f"{box.url}/:{port}")
    assert {finding.state for finding in found.values()} == {"good"}
    assert [*found][:8] == [
        "address", "ssh", "name", "port", "host key", "sign-in", "forward", "Ollama",
    ]  # fmt: skip
    assert found["ssh"].said == str(box.folder / "bin" / "ssh")
    assert found["name"].said == "an address, nothing to look up"
    assert "OpenSSH" in found["port"].said
    assert found["host key"].said.startswith("ssh-ed25519 SHA256:")
    assert "is let in by publickey" in found["sign-in"].said
    assert found["forward"].said == f"leads to 127.0.0.1:{port} there"
    assert found["version"].said == fake.version
    await nothing_left(box.port)


async def test_each_step_that_does_not_is_bad_by_itself(
    box: Sshd, fake: FakeOllama, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    server = await first_bad(f"{box.url}/:{free_port()}")
    assert (server.name, server.mend) == ("Ollama", f"ssh -p {box.port} 127.0.0.1 ollama serve")
    box.use_key("other")
    sign_in = await first_bad(box.url)
    assert sign_in.name == "sign-in"
    assert f"offered: {box.folder / 'other'}" in sign_in.said
    box.forget()
    key = await first_bad(box.url)
    assert (key.name, "it shows ssh-ed25519 SHA256:" in key.said) == ("host key", True)
    assert (await first_bad(f"ssh://127.0.0.1:{free_port()}")).name == "port"
    assert (await first_bad("ssh://no-such-box.invalid")).name == "name"
    monkeypatch.setenv("PATH", str(tmp_path))
    assert (await first_bad(box.url)).name == "ssh"


async def test_a_forward_that_is_refused_is_told_from_a_server_that_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = Sshd(tmp_path / "box")
    box.settings.append("PermitOpen none")
    box.put_on_path(monkeypatch)
    async with box:
        assert (await first_bad(box.url)).name == "forward"


async def test_a_name_of_sshs_settings_is_reached_through_its_jump_host(
    box: Sshd, fake: FakeOllama
) -> None:
    here = f"HostName 127.0.0.1\nPort {box.port}"
    box.use_key("user", f"Host node\n{here}\nProxyJump gate\nHost gate\n{here}\nProxyJump none")
    found = await examined(f"ssh://node/:{fake.url.rpartition(':')[2]}")
    assert {finding.state for finding in found.values()} == {"good"}
    assert found["name"].said.startswith("by way of: ")
    assert found["name"].said.endswith("gate")
    assert found["version"].said == fake.version
    assert box.log.count("Accepted publickey") == 2


async def test_an_answer_that_is_not_ollamas_is_one_behind_the_tunnel(
    box: Sshd, fake: FakeOllama
) -> None:
    fake.errors["*"] = 500, "no luck"
    found = await first_bad(f"{box.url}/:{fake.url.rpartition(':')[2]}")
    assert (found.name, "no luck" in found.said) == ("Ollama", True)
    assert found.mend == f"ssh -p {box.port} 127.0.0.1 ollama ps"
    fake.errors["*"] = 401, ""
    found = (await examined(f"{box.url}/:{fake.url.rpartition(':')[2]}"))["credentials"]
    assert (found.state, "in the settings of this host" in found.mend) == ("bad", True)
