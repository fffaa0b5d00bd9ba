"""Hosts by name on the command line: each is asked with what is configured for it, and no other."""

from pathlib import Path

import pytest

from commanding import Ran
from fake_ollama import FakeOllama


@pytest.fixture
def config(tmp_path: Path) -> Path:
    folder = tmp_path / "home" / "config"
    folder.mkdir(parents=True)
    return folder


async def test_a_host_is_asked_by_its_name_with_its_key(
    ran: Ran, config: Path, fake: FakeOllama
) -> None:
    async with FakeOllama(names=("special:1b",)) as gpu:
        (config / "config.toml").write_text(f'[hosts.gpu]\nurl = "{gpu.url}"\n')
        (config / "secrets.toml").write_text('[hosts.gpu]\nkey = "sk-1"\n')
        (config / "secrets.toml").chmod(0o600)
        done = await ran("--host", "gpu", "list", "--names")
        assert (done.code, done.out, done.err) == (0, "special:1b\n", "")
        assert gpu.headers[-1]["authorization"] == "Bearer sk-1"
        assert (await ran("--host", gpu.url, "list", "--names")).out == "special:1b\n"
        assert gpu.headers[-1]["authorization"] == "Bearer sk-1"  # that is the same host
    assert fake.asked == []


async def test_an_address_that_is_not_configured_gets_no_key_of_ollama_host(
    ran: Ran, config: Path, fake: FakeOllama
) -> None:
    (config / "config.toml").write_text('[hosts.local]\nheaders = { X-Key = "sk-1" }\n')
    await ran("list")
    assert fake.headers[-1]["x-key"] == "sk-1"
    async with FakeOllama() as other:
        await ran("--host", other.url, "list")
        assert "x-key" not in other.headers[-1]


async def test_a_file_of_secrets_that_others_can_read_is_named(ran: Ran, config: Path) -> None:
    (config / "secrets.toml").write_text('[hosts.gpu]\nkey = "sk-1"\n')
    (config / "secrets.toml").chmod(0o644)
    done = await ran("list")
    assert "can be read by others" in done.err
    assert "sk-1" not in done.err
