"""What is found out about a pull before it begins, asked of a real registry."""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from eventually import eventually
from fake_ollama import FakeOllama
from program import Program
from registry import Knobs, Registry, random_bytes
from tui.domain.manifests import WEIGHTS, digest_of
from tui.domain.plans import too_large, too_old
from tui.domain.pulls import Pull
from tui.worker import room
from tui.worker.suggesting import suggestions

BIG = random_bytes(200_000)
SMALL = b"{{ .Prompt }}"
TEMPLATE = "application/vnd.ollama.image.template"
CONFIG = b'{"model_format":"gguf","requires":"99.0.0"}'


@pytest.fixture
def registry() -> Iterator[Registry]:
    with Registry() as registry:
        yield registry


@pytest.fixture
async def program(fake: FakeOllama, tmp_path: Path) -> AsyncIterator[Program]:
    fake.hold.clear()
    async with Program(tmp_path, local=fake.url) as program:
        program.worker.start()
        yield program
        fake.hold.set()


async def planned(program: Program, name: str) -> Pull:
    program.pulls.add(name)

    def found() -> list[Pull]:
        return [pull for pull in program.pulls.all() if pull.planned or pull.warning]

    await eventually(found, f"the plan of {name}")
    return found()[0]


async def test_a_config_that_is_no_utf8_asks_for_no_version(
    program: Program, registry: Registry
) -> None:
    name = registry.add("library/tiny:latest", {WEIGHTS: BIG}, b'{"requires":"\xff"}')
    pull = await planned(program, f"http://{name}")
    assert (pull.total > len(BIG), pull.warning) == (True, "")


async def test_the_exact_total_is_known_before_the_server_tells(
    program: Program, registry: Registry
) -> None:
    name = registry.add("library/tiny:latest", {WEIGHTS: BIG, TEMPLATE: SMALL}, b"{}")
    pull = await planned(program, f"http://{name}")
    assert pull.total == len(BIG) + len(SMALL) + 2
    assert (pull.completed, pull.warning) == (0, "")
    assert "200 kB in all" in pull.log[-1][1]


async def test_layers_that_the_server_has_count_as_there(
    program: Program, registry: Registry, fake: FakeOllama
) -> None:
    name = registry.add("library/tiny:latest", {WEIGHTS: BIG, TEMPLATE: SMALL}, b"{}")
    fake.blobs[digest_of(BIG)] = BIG
    pull = await planned(program, f"http://{name}")
    assert (pull.present, pull.completed) == (len(BIG), len(BIG))
    assert "200 kB in all; 200 kB of it is there" in pull.log[-1][1]


async def test_a_model_for_newer_servers_is_warned_of(
    program: Program, registry: Registry, fake: FakeOllama
) -> None:
    name = registry.add("library/new:latest", {WEIGHTS: BIG}, CONFIG)
    await eventually(lambda: program.hosts.status("local").version, "the server's version")
    pull = await planned(program, f"http://{name}")
    assert pull.warning.startswith(f"It needs Ollama 99.0.0 and the server is {fake.version}")
    assert any("update the server" in text for text in program.notices)


class _Usage(NamedTuple):
    free: int


async def test_what_cannot_fit_is_warned_of(
    program: Program, registry: Registry, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    name = registry.add("library/tiny:latest", {WEIGHTS: BIG}, b"{}")
    folder = tmp_path / "models"
    await eventually(lambda: program.hosts.status("local").models, "the server's models")
    first = program.hosts.status("local").models
    assert first
    path = folder / "manifests/registry.ollama.ai/library" / first[0].name.replace(":", "/")
    path.parent.mkdir(parents=True)
    path.write_bytes(b"")
    monkeypatch.setenv("OLLAMA_MODELS", str(folder))
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: _Usage(100_000))
    pull = await planned(program, f"http://{name}")
    assert pull.warning.startswith("It needs 200 kB and the disk has 100 kB free")
    shutil.rmtree(path.parent)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    status = program.hosts.status("local")
    assert room.no_room(status, program.places, pull.planned) == ""  # somebody else's folder


async def test_a_name_that_no_registry_knows_is_warned_of_while_it_waits(
    program: Program, registry: Registry
) -> None:
    pull = await planned(program, f"http://{registry.host}/library/nothing:latest")
    assert "has no model" in pull.warning


async def test_a_registry_that_is_slow_or_gone_delays_nothing(
    program: Program, fake: FakeOllama, registry: Registry
) -> None:
    registry.knobs = Knobs(manifest_status=500)
    program.pulls.add(f"http://{registry.host}/library/tiny:latest")
    await eventually(lambda: registry.seen.paths, "the registry to be asked")
    await eventually(lambda: "/api/pull" in [path for _m, path, _b in fake.asked], "the pull")
    assert program.pulls.all()[0].planned == ()


async def test_where_no_registry_can_be_asked_the_catalogue_is_better_than_nothing(
    program: Program,
) -> None:
    program.pulls.at_once = 1
    program.pulls.add("llama3.2:3b")
    program.pulls.add("llama3.1:70b")
    await eventually(lambda: program.pulls.all()[1].likely, "what the catalogue says")
    assert program.pulls.all()[1].likely == 42_520_412_561
    assert program.pulls.all()[1].total == 0, "nothing is known of it for certain"


@pytest.mark.parametrize(
    ("name", "first"),
    [("lama3", "llama3"), ("mistrel", "mistral"), ("llama3:8x", "llama3:8b"),
     ("qwem3:0.6b", "qwen3:0.6b"), ("user/llama3", ""), ("hf.co/a/b", ""), ("zzzzzz", ""),
     ("", "")],
)  # fmt: skip
def test_typos_get_the_nearest_of_the_catalogue(name: str, first: str) -> None:
    assert [*suggestions(name), ""][0] == first


def test_versions_are_compared_by_their_numbers() -> None:
    assert too_old("0.9.6", "0.12.0")
    assert not too_old("0.12.0-rc1", "v0.12.0")
    assert not too_old("", "0.12.0")
    assert not too_old("0.0.0", "")
    assert not too_old("dev", "0.12.0")


def test_what_fits_is_no_warning() -> None:
    assert too_large(10, 10) == ""
    assert too_large(11, 10)
