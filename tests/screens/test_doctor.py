"""The connection doctor's page, from the list of hosts."""

import pytest

from fake_ollama import FakeOllama
from stage import Stage
from tui.screens.hosts import HostsScreen
from tui.worker.worker import Worker
from widget_host import rows, shown


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.worker.mending._near", lambda _address: iter(()))
    monkeypatch.setattr("tui.worker.engine.EmbeddedEngine.missing", lambda _engine: "not there")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("TMUX", raising=False)


async def test_a_host_is_examined_and_the_findings_can_be_read(
    fake: FakeOllama, worker: Worker
) -> None:
    app = Stage(HostsScreen, worker)
    async with app.run_test(size=(100, 50)) as pilot:
        await pilot.press("D")
        await app.until(lambda: "0 bad" in rows(app)[1])
        lines = rows(app)
        assert any(line.split()[:2] == ["✓", "address"] for line in lines)
        assert any("xterm-256color" in line for line in lines)
        assert "looking" not in shown(app)
        await pilot.press("escape")
        assert isinstance(app.screen, HostsScreen)


async def test_what_is_bad_is_counted_and_looked_at_again(fake: FakeOllama, worker: Worker) -> None:
    app = Stage(HostsScreen, worker)
    async with app.run_test(size=(40, 60)) as pilot:
        fake.errors["*"] = 403, "not you"
        await pilot.press("D")
        await app.until(lambda: "1 bad" in rows(app)[1] and "looking" not in shown(app))
        assert "not you" in shown(app)
        fake.errors.clear()
        await pilot.press("r")
        await app.until(lambda: "0 bad" in rows(app)[1])
