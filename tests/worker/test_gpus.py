"""The GPUs of this machine, through a library that is made up here."""

import importlib
from pathlib import Path

import pytest

import fake_pynvml
from eventually import eventually
from fake_ollama import FakeOllama
from fake_pynvml import GB
from program import Program
from tui.domain.host_drafts import HostDraft
from tui.domain.status import Gpu
from tui.worker import gpus
from tui.worker.gpus import Gpus

CARDS = (
    Gpu(name="NVIDIA GeForce RTX 4090", total=24 * GB, used=18 * GB, load=0.45, degrees=61),
    Gpu(name="Tesla T4", total=16 * GB),
)


@pytest.fixture
def _with_cards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gpus, "_LIBRARY", "fake_pynvml")


@pytest.mark.usefixtures("_with_cards")
def test_every_card_tells_what_it_can() -> None:
    read = Gpus()
    assert read.read() == CARDS
    assert read.read() == CARDS


def test_without_the_library_there_are_none_and_it_is_not_looked_for_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = []

    def find(name: str) -> None:
        asked.append(name)
        raise ImportError(name)

    monkeypatch.setattr(importlib, "import_module", find)
    read = Gpus()
    assert read.read() == read.read() == ()
    assert asked == ["pynvml"]


@pytest.mark.usefixtures("_with_cards")
def test_without_a_driver_there_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise fake_pynvml.NVMLError("Driver Not Loaded")

    monkeypatch.setattr(fake_pynvml, "nvmlInit", fail)
    assert Gpus().read() == ()


@pytest.mark.usefixtures("_with_cards")
async def test_the_cards_belong_to_hosts_of_this_machine_and_tell_their_memory(
    fake: FakeOllama, tmp_path: Path
) -> None:
    async with Program(tmp_path, local=fake.url) as program:
        program.worker.start()
        await eventually(lambda: program.hosts.status("local").gpus, "the cards")
        assert program.hosts.status("local").gpus == CARDS
        assert program.worker.memory.vram("local") == 40 * GB
        program.hosts.put(HostDraft("local").changed("vram", "24 GB"))
        assert program.worker.memory.vram("local") == 24 * GB  # what the user says goes before


@pytest.mark.usefixtures("_with_cards")
async def test_the_cards_of_this_machine_are_not_those_of_another(
    fake: FakeOllama, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.domain.hosts.HostAddress.is_local", False)
    monkeypatch.delenv("HTTPS_PROXY", raising=False)
    async with Program(tmp_path, gpu=fake.url) as program:
        program.worker.start()
        await eventually(lambda: program.hosts.status("gpu").state == "up", "the host")
        assert program.hosts.status("gpu").gpus == ()
        assert program.worker.memory.vram("gpu") == 0
