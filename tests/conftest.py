"""What tests are given by name."""

import signal
from collections.abc import AsyncIterator
from pathlib import Path

import hypothesis
import pytest
from textual.pilot import Pilot

from fake_ollama import FakeOllama
from ptyprocess import ABOUT_TERMINALS, PLAIN_TERMINAL
from shooting import Shoot, compare
from tui.api.client import Ollama
from tui.domain.hosts import HostAddress

# Machines are busy: an example that once took long says nothing of the code.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")

# A shell has its background jobs ignore ctrl-c, and what they start inherits that: programs that a
# test interrupts would go on for ever.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--shoot", action="store_true", help="take the pictures in screenshots/ again")


@pytest.fixture(autouse=True)
def _far_from_the_internet(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is asked of the public registry is refused at once: tests need no network."""
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")


@pytest.fixture(autouse=True)
def _in_a_plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is drawn does not depend on where the tests are run."""
    for name in ABOUT_TERMINALS:
        monkeypatch.delenv(name, raising=False)
    for name, value in PLAIN_TERMINAL.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def shoot(request: pytest.FixtureRequest, tmp_path: Path) -> Shoot:
    """Holds the screen against a picture, or takes that picture."""

    async def shoot(pilot: Pilot[None], name: str) -> None:
        await pilot.pause()
        compare(pilot.app, name, tmp_path, retake=request.config.getoption("--shoot"))

    return shoot


@pytest.fixture
async def fake() -> AsyncIterator[FakeOllama]:
    """A fake Ollama server on a free loopback port."""
    async with FakeOllama() as server:
        yield server


@pytest.fixture
async def ollama(fake: FakeOllama) -> AsyncIterator[Ollama]:
    """A client of the fake server."""
    async with Ollama(HostAddress.parse(fake.url)) as client:
        yield client
