from pathlib import Path

import pytest
from textual.events import AppBlur, AppFocus

from fake_ollama import FakeOllama
from scripted_worker import with_hosts
from stage import Stage
from tui.domain.host_drafts import MASK, HostDraft
from tui.domain.host_settings import HostSecrets, HostSetting
from tui.domain.status import HostStatus, Trial
from tui.screens.hosts import HostsScreen
from tui.widgets.host_rows import HostRows
from tui.widgets.line_input import LineInput
from tui.worker.attention import Attention
from tui.worker.worker import Worker
from user import chatting
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


async def test_a_host_is_added_tested_and_saved() -> None:
    worker = with_hosts(UP)
    worker.hosts.trial = Trial(what="", result="up", why="Ollama 0.32.15, 4 ms", outcome="good")
    app = Stage(HostsScreen, worker)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("a", *"http://box")
        await app.until(lambda: "http:// without a port means port 80" in shown(app))
        await pilot.press("enter")
        await app.until(lambda: "up: Ollama 0.32.15, 4 ms" in shown(app))
        assert "New host" in shown(app)
        await pilot.press("enter", *["backspace"] * 3, *"lab", "enter", "s")
        await app.until(lambda: "lab" in worker.hosts.known)
        assert worker.hosts.configured.drafts["lab"].setting == HostSetting(url="http://box")
        await app.until(lambda: app.screen.query(HostRows))
        assert app.screen.query_one(HostRows).cursor_key == "lab"


async def test_a_name_that_another_host_has_is_refused() -> None:
    worker = with_hosts(HostStatus(name="box"))
    app = Stage(HostsScreen, worker)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("a", *"box", "enter")
        await app.until(lambda: "New host" in shown(app))
        await pilot.press("s")
        await app.until(lambda: "There is a host of this name." in shown(app))


async def test_an_address_that_is_known_is_no_second_host() -> None:
    worker = with_hosts(LAB, UP)
    app = Stage(HostsScreen, worker)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("a", *"gpu-box-1", "enter")
        await app.until(lambda: app.told == ["That is gpu-box-1."])
        assert app.screen.query_one(HostRows).cursor_key == "gpu-box-1"


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (40, 15)])
async def test_a_host_is_given_a_key_and_headers_that_are_never_shown(
    size: tuple[int, int],
) -> None:
    worker = with_hosts(UP)
    worker.hosts.configured.drafts[UP.name] = HostDraft(UP.name, HostSetting(url="https://box"))
    app = Stage(HostsScreen, worker)
    seen = ""
    async with app.run_test(size=size) as pilot:
        await pilot.press("e")
        await app.until(lambda: "Host gpu-box-1" in shown(app))
        assert "s save" not in shown(app)
        await pilot.press("j", "j", "j", "enter")
        await app.until(lambda: "Where is the key?" in shown(app))
        await pilot.press("enter")
        await app.until(lambda: app.screen.query(LineInput))
        for letter in "sk-secret":
            await pilot.press(letter)
            seen += shown(app)
        await pilot.press("enter")
        await app.until(lambda: MASK in shown(app))
        await pilot.press("j", "enter", *"X-Key", "enter", *"two-secret", "enter")
        await app.until(lambda: "X-Key" in shown(app))
        await pilot.press("s")
        await app.until(lambda: worker.hosts.configured.drafts[UP.name].secrets.key)
        seen += shown(app)
    assert worker.hosts.configured.drafts[UP.name].secrets == HostSecrets(
        key="sk-secret", headers={"X-Key": "two-secret"}
    )
    assert "sk-s" not in seen
    assert "two-s" not in seen


async def test_a_host_is_edited_tested_and_left_as_it_was() -> None:
    worker = with_hosts(UP)
    before = worker.hosts.configured.drafts[UP.name] = HostDraft(
        UP.name, HostSetting(url="https://box", verify=False)
    )
    worker.hosts.trial = Trial(what="", result="down", why="Nothing listens.", outcome="bad")
    app = Stage(HostsScreen, worker)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("e")
        await app.until(lambda: "check certificate" in shown(app))
        await pilot.press("t")
        await app.until(lambda: "down: Nothing listens." in shown(app))
        await pilot.press(*"jjjjjjjj", "enter")
        await app.until(lambda: "s save" in shown(app))
        await pilot.press("escape")
        await app.until(lambda: app.screen.query(HostRows))
        assert worker.hosts.configured.drafts[UP.name] == before


async def test_a_host_is_tested_from_the_list() -> None:
    worker = with_hosts(UP)
    worker.hosts.trial = Trial(what="", result="up", why="Ollama 0.32.15, 4 ms", outcome="good")
    app = Stage(HostsScreen, worker)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("t")
        await app.until(lambda: app.told == ["gpu-box-1 up: Ollama 0.32.15, 4 ms"])


async def test_hosts_are_put_in_order_begun_with_and_removed() -> None:
    worker = with_hosts(UP, LAB)
    app = Stage(HostsScreen, worker)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("J")
        assert worker.hosts.configured.asked == [("order", "lab", "gpu-box-1")]
        await pilot.press("S")
        assert worker.hosts.configured.default == "gpu-box-1"
        assert "at start" in next(row for row in rows(app) if "http://gpu-box-1" in row)
        await pilot.press("S")
        assert worker.hosts.configured.default == ""
        await pilot.press("d")
        await app.until(lambda: "Remove gpu-box-1?" in shown(app))
        await pilot.press("y")
        await app.until(lambda: [*worker.hosts.known] == ["lab"])


async def test_a_certificate_that_is_not_checked_is_a_standing_warning() -> None:
    status = HostStatus(name="lab", address="https://lab", state="up", unverified=True)
    app = Stage(HostsScreen, with_hosts(status))
    async with app.run_test(size=(80, 24)):
        assert "lab unverified" in rows(app)[0]
        assert "unverified" in next(row for row in rows(app) if "https://lab" in row)


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


async def test_all_hosts_are_looked_at_while_they_are_on_the_screen(
    fake: FakeOllama, tmp_path: Path
) -> None:
    async with chatting(tmp_path, {"box": fake.url, "lab": fake.url}) as user:
        attention = user.worker.hosts.attention
        assert attention == Attention("box")
        await user.press("escape", "4")
        await user.until(lambda: attention.everything)
        user.app.post_message(AppBlur())
        await user.until(lambda: not attention.is_on("box"))
        user.app.post_message(AppFocus())
        await user.until(lambda: attention.is_on("lab"))
        await user.press("1")
        await user.until(lambda: not attention.everything)
        assert attention.is_on("box")
