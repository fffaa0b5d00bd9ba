"""What fifty hosts with five hundred models each cost: keys show at once, news is cheap."""

import asyncio
import time
from collections.abc import Callable

from scripted_worker import with_hosts
from stage import Stage
from tui.domain.models import LocalModel, RunningModel
from tui.domain.status import HostStatus
from tui.screens.hosts.fleet import FleetPage

HOSTS, MODELS, TIMES = 50, 500, 10
MOST_NEWS, MOST_STEP = 0.1, 0.02
"""Seconds of CPU that news of a host may cost, and a step of the cursor."""


def host(number: int) -> HostStatus:
    """Two thirds of all models, two of them loaded."""
    models = tuple(
        LocalModel(name=f"family{n % 37}-{n}:8b", size=5 * 10**9, digest=f"{n:064x}")
        for n in range(MODELS)
        if (n + number) % 3
    )
    running = tuple(
        RunningModel(name=each.name, size=6 * 10**9, size_vram=6 * 10**9) for each in models[:2]
    )
    return HostStatus(name=f"box-{number}", address="x", state="up", models=models, running=running)


def spent(act: Callable[[], None]) -> float:
    """Seconds of CPU, on the average."""
    began = time.process_time()
    for _number in range(TIMES):
        act()
    return (time.process_time() - began) / TIMES


async def measured() -> tuple[float, float]:
    app = Stage(FleetPage, with_hosts(*map(host, range(HOSTS))))
    async with app.run_test(size=(120, 40)):
        page = app.screen
        assert isinstance(page, FleetPage)
        return spent(page._look), spent(lambda: page.table.action_step(1))


def test_a_large_fleet() -> None:
    news, step = asyncio.run(measured())
    print(f"\n{HOSTS} hosts, {MODELS} models: {news * 1000:.0f} ms of CPU for news of a host, "
          f"{step * 1000:.1f} ms for a step")  # fmt: skip
    assert news < MOST_NEWS
    assert step < MOST_STEP
