"""All hosts at a glance: which has which model, and what can be done about it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from fake_ollama import FakeOllama
from scripted_worker import ScriptedWorker, with_hosts
from stage import Stage
from tui.domain import clock
from tui.domain.fleet import FleetModel
from tui.domain.models import LocalModel, RunningModel
from tui.domain.pulls import Layer, Pull
from tui.domain.session import Message
from tui.domain.status import HostStatus
from tui.screens.hosts.fleet import FleetPage
from tui.widgets import fleet_cells, fleet_table
from tui.worker.events import HostChanged, ReplyState
from user import User, chatting
from widget_host import rows, shown

GB = 10**9
SIZES = [(120, 40), (80, 24), (40, 15)]


def model(name: str, size: float = 5, digest: str = "a") -> LocalModel:
    return LocalModel(name=name, size=int(size * GB), digest=digest)


def loaded(name: str, size: float = 6, gpu: float = 1.0, context: int = 8192) -> RunningModel:
    return RunningModel(
        name=name, size=int(size * GB), size_vram=int(size * gpu * GB), context_length=context
    )


BOX = HostStatus(
    name="box",
    address="http://box",
    state="up",
    latency=0.021,
    models=(model("qwen3:8b", digest="b"), model("gemma3:4b", 3.3)),
    running=(loaded("qwen3:8b", 6.2),),
)
LAB = HostStatus(
    name="lab",
    address="http://lab",
    state="up",
    latency=0.003,
    models=(model("qwen3:8b"), model("llama3.3:70b", 43)),
    running=(loaded("llama3.3:70b", 46, 0.78),),
)
HOME = HostStatus(
    name="home", address="http://home", state="down", error="Nothing listens at http://home."
)


def fleet(*hosts: HostStatus, pulls: tuple[Pull, ...] = ()) -> Stage:
    worker = with_hosts(*(hosts or (BOX, LAB, HOME)), pulls=pulls)
    worker.memory.stated = 24 * GB
    return Stage(FleetPage, worker)


def scripted(app: Stage) -> ScriptedWorker:
    assert isinstance(app.serving, ScriptedWorker)
    return app.serving


def row(app: Stage, text: str) -> str:
    """The first line below the tabs with this text."""
    return next(each for each in rows(app)[3 if app.size.height > 15 else 1 :] if text in each)


def line(app: Stage, text: str) -> str:
    """The first line of the screen with this text."""
    return next(each for each in rows(app) if text in each)


def said(app: Stage, text: str) -> str:
    """The same without the room between its columns."""
    return " ".join(row(app, text).split())


# --- what is shown ---


async def test_each_host_is_a_column_and_each_model_a_row() -> None:
    app = fleet()
    async with app.run_test(size=(120, 40)):
        assert said(app, "hosts") == "3 hosts box lab home"
        assert "● in use 21 ms" in row(app, "state")
        assert "17.8/24.0 GB" in row(app, "free VRAM")
        assert said(app, "qwen3:8b") == "qwen3:8b ● 6.2 GB 8k ≠ 5.0 GB ?"
        assert said(app, "llama3.3:70b") == "▸ llama3.3:70b · ● 35.9/46.0 GB 8k ?"
        assert said(app, "gemma3:4b") == "gemma3:4b 3.3 GB · ?"


async def test_a_host_that_is_down_says_why_in_its_column() -> None:
    app = fleet()
    async with app.run_test(size=(120, 40)) as pilot:
        assert "○ down" in row(app, "state")
        assert said(app, "why down") == "why down Nothing listens at http…"
        assert row(app, "loaded ").split()[-1] == "GB", "nothing in the column that is down"
        await pilot.press("right", "right", "right")
        assert "llama3.3:70b on home  Nothing listens at http://home." in shown(app)


async def test_no_row_says_why_while_no_host_is_down() -> None:
    app = fleet(BOX, LAB)
    async with app.run_test(size=(120, 40)):
        assert "why down" not in shown(app)


async def test_a_pull_that_failed_is_not_coming() -> None:
    failed = Pull(id="1", name="gemma3:4b", host="lab", state="failed")
    app = fleet(pulls=(failed,))
    async with app.run_test(size=(120, 40)):
        assert "✗ failed" in row(app, "gemma3:4b")
        assert "Coming 0" in rows(app)[1]


async def test_memory_that_nobody_knows_is_unknown() -> None:
    app = fleet()
    scripted(app).memory.stated = 0
    async with app.run_test(size=(120, 40)):
        assert said(app, "free VRAM").startswith("free VRAM unknown unknown")


async def test_what_comes_says_how_far_it_is_and_the_queue_is_counted() -> None:
    layer = Layer(digest="sha256:1", total=100, completed=43)
    pulls = (
        Pull(id="1", name="gemma3:4b", host="lab", state="downloading", layers=(layer,)),
        Pull(id="2", name="phi4:14b", host="lab", state="queued"),
    )
    app = fleet(pulls=pulls)
    async with app.run_test(size=(120, 40)):
        assert "↓ 43 %" in row(app, "gemma3:4b")
        assert "· queued" in row(app, "phi4:14b")
        assert "↓ 1 · 1 queued" in row(app, "downloads")


async def test_a_model_that_is_there_is_shown_rather_than_a_newer_one_that_waits() -> None:
    pulls = (
        Pull(id="1", name="gemma3:4b", host="box", state="paused"),
        Pull(id="2", name="qwen3:8b", host="box", state="downloading"),
    )
    app = fleet(pulls=pulls)
    async with app.run_test(size=(120, 40)):
        assert said(app, "gemma3:4b") == "gemma3:4b 3.3 GB · ?"
        assert "↓ downloading" in row(app, "qwen3:8b")


async def test_answers_of_this_program_are_counted_where_they_come_from() -> None:
    def reply(phase: str) -> ReplyState:
        message = Message(
            id=phase,
            parent=None,
            role="assistant",
            content="",
            created_at=clock.now(),
            host="lab",
        )
        return ReplyState("chat", message, phase, clock.now())  # type: ignore[arg-type]  # a phase

    app = fleet()
    scripted(app).replies.running = [reply("answering"), reply("queued")]
    async with app.run_test(size=(120, 40)):
        assert "1 · 1 queued" in row(app, "answers")


async def test_what_changes_is_shown_by_itself() -> None:
    app = fleet(BOX, LAB)
    async with app.run_test(size=(120, 40)):
        assert "● 6.2 GB" in row(app, "qwen3:8b")
        known = scripted(app).hosts.known
        known["box"] = HostStatus(name="box", address="http://box", state="up", models=())
        app.signals.hosts.publish(HostChanged(known["box"]))
        await app.until(lambda: said(app, "qwen3:8b") == "qwen3:8b · 5.0 GB")


async def test_a_fleet_of_many_hosts_scrolls_sideways() -> None:
    hosts = [
        HostStatus(
            name=f"box-{n}", address="x", state="up", models=(model(f"one-of-a-long-name-{n}"),)
        )
        for n in range(12)
    ]
    app = fleet(*hosts)
    async with app.run_test(size=(80, 24)) as pilot:
        assert "hosts 1-3 of 12" in shown(app)
        assert "box-5" not in rows(app)[3]
        await pilot.press(*["right"] * 6)
        assert "hosts 4-6 of 12" in shown(app)
        assert "▸ box-5" in rows(app)[3]
        await pilot.press(*["left"] * 6)
        assert "best on box-0" in shown(app)


async def test_of_many_models_on_many_hosts_only_what_is_in_sight_is_drawn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names = [f"family{n % 37}-{n}:8b" for n in range(500)]
    hosts = [
        HostStatus(name=f"box-{n}", address="x", state="up", models=tuple(map(model, names)))
        for n in range(50)
    ]
    drawn: list[str] = []

    def counted(entry: FleetModel, status: HostStatus, width: int, *, other: bool) -> object:
        drawn.append(status.name)
        return fleet_cells.cell(entry, status, width, other=other)

    monkeypatch.setattr(fleet_table, "cell", counted)
    app = fleet(*hosts)
    async with app.run_test(size=(120, 40)) as pilot:
        assert "All 500" in rows(app)[1]
        assert "hosts 1-5 of 50" in shown(app)
        drawn.clear()
        await pilot.press("j")
        assert len(drawn) <= 2 * 5
        drawn.clear()
        app.signals.hosts.publish(HostChanged(hosts[49]))
        await app.until(lambda: drawn)
        assert len(drawn) <= 2 * 5 * 40


async def test_in_a_narrow_window_it_is_a_list() -> None:
    app = fleet()
    async with app.run_test(size=(40, 15)) as pilot:
        assert "2 of 3 hosts are up" in shown(app)
        assert said(app, "qwen3:8b") == "qwen3:8b ● box +1"
        await pilot.press("right", "right")
        assert "lab  ● up 3 ms" in shown(app)
        assert said(app, "llama3.3:70b") == "▸ llama3.3:70b ● 35.9/46.0 GB"


async def test_the_filter_the_tabs_and_the_order_leave_what_is_asked_for() -> None:
    app = fleet()
    async with app.run_test(size=(120, 40)) as pilot:
        page = app.screen
        assert isinstance(page, FleetPage)
        assert rows(app)[1].startswith(" All 3   Loaded 2   Coming 0   Versions differ 1")
        assert page.table.keys == ["llama3.3:70b", "qwen3:8b", "gemma3:4b"]
        await pilot.press("s")
        assert page.table.keys == ["gemma3:4b", "llama3.3:70b", "qwen3:8b"]
        await pilot.press("greater_than_sign")
        assert page.table.keys == ["llama3.3:70b", "qwen3:8b"]
        await pilot.press("less_than_sign", "less_than_sign")
        assert page.table.keys == ["qwen3:8b"]
        await pilot.press("greater_than_sign", "slash", *"gem", "enter")
        assert page.table.keys == ["gemma3:4b"]
        await pilot.press("slash", *"zz")
        assert 'Nothing matches "gemzz". esc clears.' in shown(app)
        await pilot.press("escape")
        assert len(page.table.keys) == 3
        await pilot.press("escape")
        await app.until(lambda: app.screen is not page)


async def test_hosts_without_models_say_where_to_get_some() -> None:
    app = fleet(HostStatus(name="box", address="x", state="up", models=()))
    async with app.run_test(size=(80, 24)):
        assert "No model on any host that is up." in shown(app)


# --- what can be done ---


@pytest.mark.parametrize("size", SIZES)
async def test_enter_opens_a_chat_where_the_model_is_best(size: tuple[int, int]) -> None:
    app = fleet(LAB, BOX)
    async with app.run_test(size=size) as pilot:
        await pilot.press("j")
        await pilot.press("enter")
        await pilot.pause()
    wanted = app.remembers(FleetPage.ChatWanted)
    assert [each.pairs for each in wanted] == [[("qwen3:8b", "box")]]


@pytest.mark.parametrize("size", SIZES)
async def test_enter_on_a_host_opens_the_chat_there(size: tuple[int, int]) -> None:
    app = fleet(LAB, BOX)
    async with app.run_test(size=size) as pilot:
        await pilot.press("j", "right", "enter")
        await pilot.pause()
    wanted = app.remembers(FleetPage.ChatWanted)
    assert [each.pairs for each in wanted] == [[("qwen3:8b", "lab")]]


async def test_a_click_goes_to_a_cell_and_another_opens_it() -> None:
    app = fleet(BOX, LAB)
    async with app.run_test(size=(80, 24)) as pilot:
        lines = rows(app)
        y = next(at for at, each in enumerate(lines) if "qwen3:8b" in each)
        x = lines[y].index("≠")
        await pilot.click(offset=(x, y))
        assert "qwen3:8b on lab" in shown(app)
        assert not app.remembers(FleetPage.ChatWanted)
        await pilot.click(offset=(x, y))
        await app.until(lambda: app.remembers(FleetPage.ChatWanted))
        await pilot.click(offset=(4, y))
        assert "qwen3:8b, best on box" in shown(app)
    assert [each.pairs for each in app.remembers(FleetPage.ChatWanted)] == [[("qwen3:8b", "lab")]]


async def test_enter_on_a_host_that_is_down_says_so() -> None:
    app = fleet()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("right", "right", "right", "enter")
        await app.until(lambda: app.told)
    assert app.told == ["home is not up: Nothing listens at http://home."]
    assert not app.remembers(FleetPage.ChatWanted)


@pytest.mark.parametrize("size", SIZES)
async def test_p_pulls_to_all_hosts_that_lack_the_model(size: tuple[int, int]) -> None:
    app = fleet(BOX, LAB, HOME, HostStatus(name="new", address="x", state="up", models=()))
    async with app.run_test(size=size) as pilot:
        await pilot.press("j", "j", "p")
        await app.until(lambda: "Pull gemma3:4b to" in shown(app))
        assert "box" in line(app, "here already")
        assert "lab" in line(app, "fits")
        assert "home" in line(app, "down ·")
        assert "2 downloads" in shown(app)
        await pilot.press("enter")
        await app.until(lambda: scripted(app).pulls.queue)
    assert [(each.name, each.host) for each in scripted(app).pulls.queue] == [
        ("gemma3:4b", "lab"),
        ("gemma3:4b", "new"),
    ]
    assert app.told == ["2 downloads are in the queue, to lab, new."]


async def test_marks_choose_the_hosts_and_esc_pulls_nothing() -> None:
    app = fleet(BOX, LAB)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("p")
        await app.until(lambda: "Pull llama3.3:70b to" in shown(app))
        await pilot.press("a", "a", "escape")
        await app.until(lambda: isinstance(app.screen, FleetPage))
        assert scripted(app).pulls.queue == []
        await pilot.press("p")
        await app.until(lambda: "Pull llama3.3:70b to" in shown(app))
        await pilot.press("a", "k", "space", "enter")
        await app.until(lambda: scripted(app).pulls.queue)
    assert [each.host for each in scripted(app).pulls.queue] == ["lab"]


async def test_enter_where_the_model_is_not_offers_to_pull_it_there() -> None:
    app = fleet(BOX, LAB)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("right", "enter")
        await app.until(lambda: "Pull llama3.3:70b to" in shown(app))
        assert "✓ box" in shown(app)


async def test_models_are_loaded_unloaded_and_deleted_where_the_cursor_is() -> None:
    app = fleet(BOX, LAB)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("j", "right", "u", "right", "l")
        asked = scripted(app).models.asked
        await app.until(lambda: len(asked) == 2)
        assert asked == [("unload", "box", "qwen3:8b"), ("load", "lab", "qwen3:8b")]
        await pilot.press("d")
        await app.until(lambda: "Delete qwen3:8b on lab" in shown(app))
        await pilot.press("y")
        await app.until(lambda: ("delete", "lab", "qwen3:8b") in asked)


async def test_the_footer_offers_what_can_be_done_in_a_cell() -> None:
    app = fleet()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("j", "right")
        assert "u unload" in rows(app)[-1]
        await pilot.press("right")
        assert "l load" in rows(app)[-1]
        await pilot.press("right")
        assert not {"load", "unload", "delete", "mark"} & {*rows(app)[-1].split()}


async def test_what_is_marked_is_asked_the_same() -> None:
    app = fleet(BOX, LAB)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("space", "right", "space", "k", "right", "space")
        assert "3 marked" in rows(app)[1]
        await pilot.press("k", "space")
        assert "2 marked" in rows(app)[1]
        await pilot.press("m")
        await app.until(lambda: "Ask 2 models the same" in shown(app))
        await pilot.press(*"Why", "enter")
        await app.until(lambda: app.remembers(FleetPage.ChatWanted))
    (wanted,) = app.remembers(FleetPage.ChatWanted)
    assert wanted.question == "Why"
    assert wanted.pairs == [("llama3.3:70b", "lab"), ("qwen3:8b", "box")]


# --- the whole program ---


@asynccontextmanager
async def two_hosts(home: Path, size: tuple[int, int] = (120, 40)) -> AsyncIterator[User]:
    """The page of a program with a box that has two models, and a lab with one of them, loaded."""
    async with AsyncExitStack() as stack:
        box = await stack.enter_async_context(FakeOllama(names=("llama3.2:3b", "qwen3:8b")))
        lab = await stack.enter_async_context(FakeOllama(names=("qwen3:8b",)))
        await lab._keep("qwen3:8b", {"prompt": "x"})
        servers = {"box": box.url, "lab": lab.url}
        user = await stack.enter_async_context(chatting(home, servers, size=size))
        await user.press("escape", "4")
        await user.until(lambda: user.worker.hosts.status("lab").models)
        await user.press("f")
        await user.sees_soon("2 hosts" if size[0] > 60 else "2 of 2 hosts")
        yield user


@pytest.mark.parametrize("size", SIZES)
async def test_a_chat_begins_where_the_model_is_loaded(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with two_hosts(tmp_path, size) as user:
        await user.press("enter")
        await user.until(lambda: user.app.screen is user.chats)
        assert (user.session.host, user.session.model) == ("lab", "qwen3:8b")
        await user.ask_and_hear("Hi")
        assert user.last.host == "lab"
        await user.press("escape", "4")
        await user.until(lambda: isinstance(user.app.screen, FleetPage))


async def test_one_model_is_pulled_to_another_host(tmp_path: Path) -> None:
    async with two_hosts(tmp_path) as user:
        await user.press("j", "p")
        await user.sees_soon("Pull llama3.2:3b to")
        await user.press("enter")
        await user.until(user.worker.pulls.all)
        await user.rest()
        await user.until(lambda: " ".join(user.screen[9].split()).count("GB") == 2, "on both")


async def test_all_hosts_are_watched_while_the_fleet_is_shown(tmp_path: Path) -> None:
    async with two_hosts(tmp_path) as user:
        attention = user.worker.hosts.attention
        assert attention.everything
        await user.press("escape")
        await user.sees_soon("at start")
        await user.pilot.pause()
        assert attention.everything
        await user.press("1")
        await user.until(lambda: not attention.everything)


async def test_slash_fleet_shows_it(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.ask("/fleet")
        await user.until(lambda: isinstance(user.app.screen, FleetPage))
