"""Hosts are watched gently, and how they are is told when it changes."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from eventually import eventually
from fake_ollama import FakeOllama
from http_server import HttpServer
from program import MODEL, Program
from tui.api.client import Ollama
from tui.api.errors import OllamaError, ServerError
from tui.domain import clock
from tui.domain.hosts import HostAddress
from tui.domain.places import Places
from tui.store.settings import Settings, SettingsStore
from tui.worker import watch as watching
from tui.worker.attention import Attention
from tui.worker.events import Events, HostChanged, HostChosen
from tui.worker.hosts import UnknownHost
from tui.worker.watch import Watch
from tui.worker.worker import Worker


@pytest.fixture
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_ATTENDED", "_UNATTENDED"):
        monkeypatch.setattr(watching, name, 0.01)


@pytest.fixture
async def program(fake: FakeOllama, tmp_path: Path) -> AsyncIterator[Program]:
    async with Program(tmp_path, local=fake.url) as program:
        yield program


async def test_nothing_is_asked_before_the_start(program: Program, fake: FakeOllama) -> None:
    status = program.hosts.status("local")
    assert (status.state, status.models) == ("connecting", None)
    assert status.address == fake.url
    assert status.is_local
    assert fake.accepted == 0


async def test_a_host_that_is_up_is_known_with_its_models(
    program: Program, fake: FakeOllama
) -> None:
    program.worker.start()
    await eventually(lambda: program.hosts.status("local").state == "up", "the host")
    status = program.hosts.status("local")
    assert status.version == fake.version
    assert status.models is not None
    assert [model.name for model in status.models] == [*fake.models]
    assert status.running == ()
    assert 0 < status.latency < 5
    assert status.since is not None
    assert program.heard(HostChanged)[-1].status == status


@pytest.mark.usefixtures("_quick")
async def test_a_host_goes_down_and_comes_back(program: Program, fake: FakeOllama) -> None:
    program.worker.start()
    await eventually(lambda: program.hosts.status("local").state == "up", "the host")
    await program.hosts._watches["local"].client.load(MODEL)
    await eventually(lambda: program.hosts.status("local").running, "the model")
    await fake.stop()
    await eventually(lambda: program.hosts.status("local").state == "down", "its end")
    down = program.hosts.status("local")
    assert "Nothing listens" in down.error or "broke off" in down.error
    assert down.running == ()
    assert down.models is not None  # what it had is still worth showing
    assert down.next_try is not None
    assert down.next_try - clock.now() < timedelta(seconds=1)
    await fake.__aenter__()
    await eventually(lambda: program.hosts.status("local").state == "up", "its return")
    back = program.hosts.status("local")
    assert (back.error, back.next_try) == ("", None)
    states = [event.status.state for event in program.heard(HostChanged)]
    assert [each for each in states if each == "connecting"] == []


@pytest.mark.usefixtures("_quick")
async def test_only_changes_are_told(
    program: Program, fake: FakeOllama, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "_JITTER", 10.0)  # tests run on busy machines
    program.worker.start()
    await eventually(lambda: len(fake.asked) > 40, "many looks")
    told = [event.status for event in program.heard(HostChanged)]
    assert len(told) == 1
    paths = [path for _method, path, _body in fake.asked]
    assert paths.count("/api/tags") < paths.count("/api/version") / 4
    fake.add_model("new:1b")
    program.hosts.look("local")
    await eventually(lambda: len(program.heard(HostChanged)) == 2, "the new model")
    models = program.heard(HostChanged)[1].status.models
    assert models is not None
    assert "new:1b" in [model.name for model in models]


async def test_a_host_that_answers_nonsense_is_down(
    program: Program, fake: FakeOllama, tmp_path: Path
) -> None:
    fake.errors["/api/version"] = (200, "<html>hello</html>")
    program.worker.start()
    await eventually(lambda: program.hosts.status("local").state == "down", "the host")
    assert "not as Ollama" in program.hosts.status("local").error


async def test_looks_become_rarer_while_a_host_stays_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "_PATIENT", 3)
    server = HttpServer()
    async with server:
        url = server.url
    attention = Attention("gone")
    watch = Watch("gone", Ollama(HostAddress.parse(url)), Events(), attention)
    pauses = []
    for _look in range(9):
        watch._set(await watch._seen())
        pauses.append(watch._pause())
    assert pauses == [5, 5, 5, 10, 20, 40, 60, 60, 60]
    watch.look()
    assert watch._pause() == 5
    for in_use, everything, away, pause in [
        ("other", False, False, 30),
        ("other", True, False, 5),
        ("other", True, True, 30),
        ("gone", False, True, 30),
    ]:
        attention.in_use, attention.everything, attention.away = in_use, everything, away
        assert watch._pause() == pause
    await watch.client.aclose()


async def test_a_look_that_is_wanted_does_not_wait_its_turn(
    program: Program, fake: FakeOllama
) -> None:
    program.worker.start()
    await eventually(lambda: program.hosts.status("local").state == "up", "the host")
    await fake.stop()
    program.hosts.look("local")
    await eventually(lambda: program.hosts.status("local").state == "down", "its end", 2)
    await fake.__aenter__()
    program.hosts.look("local")
    await eventually(lambda: program.hosts.status("local").state == "up", "its return", 2)


async def test_another_host_is_used(fake: FakeOllama, tmp_path: Path) -> None:
    async with FakeOllama() as gpu, Program(tmp_path, local=fake.url, gpu=gpu.url) as program:
        assert program.hosts.current == "local"
        program.hosts.use("gpu")
        assert program.hosts.current == "gpu"
        assert program.heard(HostChosen) == [HostChosen("gpu")]
        assert program.hosts.attention.is_on("gpu")
        assert not program.hosts.attention.is_on("local")
        chat = await program.asked("Hi", host="gpu")
        assert program.last(chat).state == "complete"
        assert any(path == "/api/chat" for _method, path, _body in gpu.asked)


async def test_a_host_is_added_and_written_down(program: Program, fake: FakeOllama) -> None:
    settings = SettingsStore(program.places)
    settings.path.parent.mkdir()
    settings.path.write_text('# mine\ntheme = "paper"\n')
    async with FakeOllama() as gpu:
        program.worker.start()
        name = program.hosts.add(f" {gpu.url} ")
        assert name == "127.0.0.1"
        assert program.hosts.add(gpu.url) == name
        await eventually(lambda: program.hosts.status(name).state == "up", "the new host")
        async with FakeOllama() as third:
            assert program.hosts.add(third.url) == "127.0.0.1-2"
        loaded, complaints = settings.load()
        assert complaints == []
        assert loaded.hosts[name].url == gpu.url
        assert settings.path.read_text().startswith('# mine\ntheme = "paper"\n')
        assert program.hosts.add(fake.url) == "local"
        assert program.hosts.add("unix:/run/ollama.sock") == "ollama"
        assert set(program.hosts.names()) >= {"local", name, "127.0.0.1-2"}


async def test_a_host_that_cannot_be_added_says_why(program: Program) -> None:
    with pytest.raises(ValueError, match="ftp:// is not a scheme"):
        program.hosts.add("ftp://box")
    path = SettingsStore(program.places).path
    path.parent.mkdir()
    path.write_text("theme = ")
    names = program.hosts.names()
    with pytest.raises(ValueError, match="has errors, so nothing was changed"):
        program.hosts.add("box")
    assert program.hosts.names() == names
    path.unlink()
    path.parent.rmdir()
    path.parent.write_bytes(b"")
    with pytest.raises(OSError, match="config"):
        program.hosts.add("box")
    assert program.hosts.names() == names


async def test_an_unknown_host_is_named(program: Program) -> None:
    with pytest.raises(UnknownHost, match="no host named gone"):
        await program.hosts.client("gone")
    status = program.hosts.status("gone")
    assert (status.state, bool(status.error)) == ("down", True)


async def test_the_last_host_is_used_again_and_one_that_is_gone_is_not(
    fake: FakeOllama, tmp_path: Path
) -> None:
    (tmp_path / "state").mkdir()
    workspace = tmp_path / "state" / "workspace.json"
    workspace.write_text('{"host": "gpu"}')
    addresses = {"local": HostAddress.parse(fake.url), "gpu": HostAddress.parse(fake.url)}
    places = Program(tmp_path).places
    assert Worker(places, Settings(), addresses).hosts.current == "gpu"
    assert Worker(places, Settings(), addresses, "local").hosts.current == "local"
    workspace.write_text('{"host": "gone"}')
    assert Worker(places, Settings(), addresses).hosts.current == "local"


# --- models ---


async def test_models_are_loaded_copied_and_deleted(program: Program, fake: FakeOllama) -> None:
    program.worker.start()
    models = program.worker.models
    card = await models.show("local", MODEL)
    assert card.architecture == "llama3"
    await models.load("local", MODEL)
    await eventually(lambda: program.hosts.status("local").running, "the load to be seen")
    await models.copy("local", MODEL, "mine")
    assert "mine:latest" in fake.models
    await models.delete("local", MODEL)
    assert MODEL not in fake.models
    assert MODEL not in fake.loaded
    await eventually(lambda: MODEL not in program.models(), "the new list")
    assert "mine:latest" in program.models()
    await models.unload("local", "mine")


async def test_what_a_server_refuses_is_told(program: Program, fake: FakeOllama) -> None:
    fake.errors["/api/delete"] = (500, "no such luck")
    with pytest.raises(ServerError, match="no such luck"):
        await program.worker.models.delete("local", MODEL)
    with pytest.raises(OllamaError, match="no host named gone"):
        await program.worker.models.show("gone", MODEL)


async def test_ollama_host_elsewhere_is_called_by_its_own_name(tmp_path: Path) -> None:
    """“local” would be a lie for a box that is not this machine."""
    far = HostAddress.parse("http://gpu-box:11434")
    async with Worker(Places.below(tmp_path), Settings(), {"local": far}) as worker:
        assert worker.hosts.status("local").shown == "gpu-box"
        assert worker.hosts.current == "local"
    near = HostAddress.parse("127.0.0.1")
    async with Worker(Places.below(tmp_path), Settings(), {"local": near}) as worker:
        assert worker.hosts.status("local").shown == "local"
