"""What the tests of screens are given by name."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from fake_ollama import FakeOllama
from tui.domain.hosts import HostAddress
from tui.domain.places import Places
from tui.store.settings import Settings
from tui.worker.worker import Worker


@pytest.fixture
async def worker(fake: FakeOllama, tmp_path: Path) -> AsyncIterator[Worker]:
    """A worker that watches the fake server under the name `gpu-box-1`."""
    addresses = {"gpu-box-1": HostAddress.parse(fake.url)}
    settings = Settings(check_updates=False)  # no test asks the world's registries
    async with Worker(Places.below(tmp_path), settings, addresses, "gpu-box-1") as worker:
        worker.start()
        yield worker
