from fake_ollama import FakeOllama
from scripted_worker import with_hosts
from stage import Stage
from tui.domain.status import HostStatus
from tui.screens.hosts import HostsScreen
from tui.widgets.host_rows import HostRows
from tui.worker.worker import Worker
from widget_host import rows, shown

UP = HostStatus(name="gpu-box-1", address="http://gpu-box-1:11434", state="up")
LAB = HostStatus(name="lab", address="http://lab:11434", state="up")
HOME = HostStatus(name="home", address="http://home:11434", state="down", error="gone")


async def test_enter_takes_the_host_into_use() -> None:
    worker = with_hosts(UP, LAB)
    app = Stage(HostsScreen, worker)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("j", "enter")
        assert worker.hosts.asked == [("use", "lab")]
        assert "in use" in next(row for row in rows(app) if "lab" in row)


async def test_a_host_is_added_by_its_address() -> None:
    worker = with_hosts(UP)
    app = Stage(HostsScreen, worker)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("a", *"http://box")
        await app.until(lambda: "http:// without a port means port 80" in shown(app))
        await pilot.press("enter")
        await app.until(lambda: worker.hosts.asked == [("add", "http://box")])
        assert app.screen.query_one(HostRows).cursor_key == "http://box"


async def test_an_address_that_cannot_be_says_so() -> None:
    worker = with_hosts(UP)
    app = Stage(HostsScreen, worker)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("a", *"ftp://box", "enter")
        await app.until(lambda: "ftp:// is not a scheme of Ollama's." in shown(app))
        assert worker.hosts.asked == []


async def test_a_filter_shows_those_that_are_down() -> None:
    app = Stage(HostsScreen, with_hosts(UP, HOME))
    async with app.run_test(size=(80, 24)) as pilot:
        assert rows(app)[1] == " All 2   Down 1"
        await pilot.press("greater_than_sign")
        assert app.screen.query_one(HostRows).keys == ["home"]
        await pilot.press("r")
        worker = app.serving
        assert not isinstance(worker, Worker)
        assert worker.hosts.asked == [("look", "home")]


async def test_a_loaded_model_is_unloaded_where_the_cursor_is(
    fake: FakeOllama, worker: Worker
) -> None:
    app = Stage(HostsScreen, worker)
    async with app.run_test(size=(120, 40)) as pilot:
        await worker.models.load("gpu-box-1", "llama3.2:3b")
        await app.until(lambda: "unloads in" in shown(app))
        assert "u unload" not in rows(app)[-1]
        await pilot.press("j")
        assert "u unload model" in rows(app)[-1]
        await pilot.press("u")
        await app.until(lambda: "unloads in" not in shown(app))
        assert not fake.loaded
