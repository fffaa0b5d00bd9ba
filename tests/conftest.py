"""What tests are given by name."""

from collections.abc import AsyncIterator

import pytest

from fake_ollama import FakeOllama
from tui.api.client import Ollama
from tui.domain.hosts import HostAddress


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
