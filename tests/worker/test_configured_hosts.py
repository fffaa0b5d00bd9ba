"""Hosts are configured while the program runs, and their secrets stay in their file."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from eventually import eventually
from fake_ollama import FakeOllama
from program import Program
from tui.api.errors import OllamaError
from tui.domain.host_drafts import HostDraft
from tui.domain.host_settings import HostSecrets, HostSetting
from tui.domain.hosts import HostAddress
from tui.domain.places import Places
from tui.store.settings import SettingsStore
from tui.worker.events import HostRemoved
from tui.worker.worker import Worker

SECRET = "sk-very-secret"


@pytest.fixture
async def program(fake: FakeOllama, tmp_path: Path) -> AsyncIterator[Program]:
    async with Program(tmp_path, local=fake.url) as program:
        program.worker.start()
        yield program


async def test_a_host_is_configured_with_its_key_and_asked_with_it(program: Program) -> None:
    async with FakeOllama() as gpu:
        program.hosts.put(HostDraft("gpu", HostSetting(url=gpu.url), HostSecrets(key=SECRET)))
        await eventually(lambda: program.hosts.status("gpu").state == "up", "the host")
        assert gpu.headers[-1]["authorization"] == f"Bearer {SECRET}"
        assert SECRET not in (program.places.config / "config.toml").read_text()
        program.hosts.put(HostDraft("gpu", HostSetting(url=gpu.url), HostSecrets(key="other")))
        await eventually(lambda: gpu.headers[-1]["authorization"] == "Bearer other", "the change")


async def test_the_files_bring_the_same_hosts_back(fake: FakeOllama, tmp_path: Path) -> None:
    places = Places.below(tmp_path)
    async with Program(tmp_path, local=fake.url) as program:
        url = f"http://me:{SECRET}@127.0.0.1:{fake.port}"
        program.hosts.put(HostDraft("gpu").changed("url", url).changed("vram", "24 GB"))
        program.hosts.configured.put_in_order(["gpu", "local"])
        program.hosts.configured.make_default("gpu")
    settings, complaints = SettingsStore(places).load()
    assert complaints == []
    assert settings.hosts["gpu"].url == fake.url
    assert (settings.host, settings.host_order) == ("gpu", ["gpu", "local"])
    addresses = {name: HostAddress.parse(fake.url) for name in ("local", "gpu")}
    async with Worker(places, settings, addresses) as worker:
        assert [name for name in worker.hosts.names() if name != "embedded"] == ["gpu", "local"]
        access = worker.hosts.configured.access("gpu")
        headers = await access.headers(addresses["gpu"])
        assert headers["Authorization"].startswith("Basic ")


async def test_an_answer_that_runs_survives_the_change_of_its_host(
    program: Program, fake: FakeOllama
) -> None:
    fake.hold.clear()
    chat = program.chat().id
    program.replies.send(chat, "Hi")
    await program.says(chat)
    program.hosts.put(HostDraft("local", HostSetting(vram="24 GB"), HostSecrets(key=SECRET)))
    fake.hold.set()
    await program.worker.idle()
    assert program.last(chat).state == "complete"
    assert program.hosts.address("local").url == fake.url


async def test_a_host_is_removed_and_its_conversations_stay(
    program: Program, fake: FakeOllama
) -> None:
    program.hosts.put(HostDraft("gpu", HostSetting(url=fake.url), HostSecrets(key=SECRET)))
    program.hosts.use("gpu")
    chat = await program.asked("Hi", host="gpu")
    program.hosts.remove("gpu")
    assert "gpu" not in program.hosts.names()
    assert program.hosts.current == "local"
    assert program.heard(HostRemoved) == [HostRemoved("gpu")]
    assert SECRET not in (program.places.config / "secrets.toml").read_text()
    assert program.conversations.open(chat).host == "gpu"
    with pytest.raises(OllamaError, match="no host named gpu"):
        await program.hosts.client("gpu")


async def test_what_cannot_be_written_changes_nothing(program: Program, fake: FakeOllama) -> None:
    path = SettingsStore(program.places).path
    path.parent.mkdir()
    path.write_text("theme = ")
    before = program.hosts.names()
    with pytest.raises(ValueError, match="nothing was changed"):
        program.hosts.put(HostDraft("gpu", HostSetting(url=fake.url), HostSecrets()))
    with pytest.raises(ValueError, match="a key belongs into"):
        program.hosts.put(HostDraft("gpu", HostSetting(url=fake.url, key=SECRET), HostSecrets()))
    assert program.hosts.names() == before


async def test_a_host_that_wants_another_key_is_not_asked_again_and_again(
    program: Program, fake: FakeOllama, tmp_path: Path
) -> None:
    calls = tmp_path / "calls"
    async with FakeOllama() as gpu:
        gpu.errors["*"] = (401, "")
        setting = HostSetting(url=gpu.url, key=f"command:echo x | tee -a {calls}")
        program.hosts.put(HostDraft("gpu", setting))
        await eventually(lambda: program.hosts.status("gpu").state == "down", "the refusal")
        watch = program.hosts._watches["gpu"]
        assert watch._pause() == 300
        for _look in range(3):
            await watch._seen()
        assert calls.read_text() == "x\nx\n"  # once more after it was refused
        gpu.errors.clear()
        program.hosts.look("gpu")
        await eventually(lambda: program.hosts.status("gpu").state == "up", "the welcome")
        assert watch._pause() < 300
