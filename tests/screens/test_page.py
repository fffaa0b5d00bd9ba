from textual.app import ComposeResult
from textual.binding import Binding

from scripted_worker import with_hosts
from stage import Stage
from tui.domain.models import RunningModel
from tui.domain.pulls import Layer, Pull
from tui.domain.status import HostStatus
from tui.screens.dialogs.confirm import ConfirmDialog
from tui.screens.page import Page
from tui.widgets.key_bar import KeyBar
from tui.widgets.lines import Lines, line
from tui.widgets.rows import Row, Rows
from tui.worker.events import HostChanged, PullChanged
from widget_host import rows


def _draw(width: int, here: bool) -> Lines:
    return [line("row")]


class Sheet(Page):
    TITLE = "Models"
    AUTO_FOCUS = "Rows"
    BINDINGS = [
        Binding("p", "pull", "pull", id="sheet.pull"),
        Binding("d", "delete", "delete", id="sheet.delete"),
    ]

    def compose_body(self) -> ComposeResult:
        yield Rows()

    def on_mount(self) -> None:
        self.query_one(Rows).show([Row("a", _draw)])

    def action_pull(self) -> None:
        self.notify("pulled")

    def action_delete(self) -> None: ...

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return action != "delete"


UP = HostStatus(
    name="gpu-box-1", state="up", running=(RunningModel(name="a", size_vram=6_200_000_000),)
)


async def test_the_top_bar_says_what_the_worker_knows() -> None:
    app = Stage(Sheet, with_hosts(UP))
    async with app.run_test(size=(80, 10)) as pilot:
        await pilot.pause()
        assert rows(app)[0].startswith(" 1 Chats   2 Models   3 Downloads   4 Hosts ")
        assert rows(app)[0].endswith("● gpu-box-1   VRAM 6.2 GB")
        assert isinstance(app.screen, Sheet)
        app.screen.model = "llama3:8b"
        await pilot.pause()
        assert "llama3:8b" in rows(app)[0]


async def test_the_top_bar_follows_the_signals() -> None:
    worker = with_hosts(UP)
    app = Stage(Sheet, worker)
    async with app.run_test(size=(80, 10)) as pilot:
        await pilot.pause()
        down = HostStatus(name="gpu-box-1", state="down")
        worker.hosts.known["gpu-box-1"] = down
        pull = Pull(
            id="1", name="qwen3:32b", state="downloading",
            layers=(Layer(digest="x", total=100, completed=31),),
        )  # fmt: skip
        worker.pulls.queue.append(pull)
        app.signals.publish(HostChanged(down))
        app.signals.publish(PullChanged(pull))
        while "31 %" not in rows(app)[0]:
            await pilot.pause()
        assert rows(app)[0].endswith("↓ 1 · 31 %   ○ no server")


async def test_the_footer_shows_what_can_be_done_and_keeps_the_last_key() -> None:
    app = Stage(Sheet, with_hosts(UP))
    async with app.run_test(size=(80, 10)) as pilot:
        await pilot.pause()
        assert rows(app)[-1] == " p pull   ? keys"
        assert [hint.key for hint in app.screen.query_one(KeyBar).hints] == ["p", "?"]


async def test_a_page_knows_how_wide_and_high_it_is() -> None:
    app = Stage(Sheet, with_hosts(UP))
    async with app.run_test(size=(40, 15)) as pilot:
        await pilot.pause()
        assert app.screen.has_class("-narrow", "-tiny")
        await pilot.resize_terminal(120, 40)
        await pilot.pause()
        assert app.screen.has_class("-wide", "-tall")
        assert not app.screen.has_class("-narrow")


async def test_a_click_on_a_hint_is_that_key() -> None:
    app = Stage(Sheet, with_hosts(UP))
    async with app.run_test(size=(80, 10)) as pilot:
        await pilot.click(KeyBar, offset=(3, 0))
        await app.until(lambda: app.told == ["pulled"])
        await pilot.click(KeyBar, offset=(7, 0))
        await pilot.pause()
        assert app.told == ["pulled"]


async def test_what_changes_below_a_dialog_shows_and_then_nothing_is_painted_any_more() -> None:
    app = Stage(Sheet, with_hosts(UP))
    async with app.run_test(size=(80, 24)) as pilot:
        sheet = app.screen
        assert isinstance(sheet, Sheet)
        await app.push_screen(ConfirmDialog("Really?", "It is asked.", yes="yes"))
        sheet.model = "llama3:8b"
        await app.until(lambda: "llama3:8b" in rows(app)[0])
        await pilot.pause()
        painted: list[object] = []
        app.screen.refresh = lambda *regions, **_how: painted.append(regions)  # type: ignore[assignment]  # it only counts
        sheet._on_timer_update()
        await pilot.pause()
        assert painted == []
        assert not sheet._dirty_widgets


async def test_a_page_above_another_hides_all_of_it() -> None:
    app = Stage(Sheet, with_hosts(UP))
    async with app.run_test(size=(80, 24)) as pilot:
        sheet = app.screen
        assert isinstance(sheet, Sheet)
        await app.push_screen(Sheet(app.serving, app.signals))  # type: ignore[arg-type]  # scripted
        assert not sheet.is_seen
        sheet.model = "llama3:8b"
        sheet.key_bar.refresh()
        await pilot.pause()
        assert "llama3:8b" not in rows(app)[0]
        app.pop_screen()
        await app.until(lambda: "llama3:8b" in rows(app)[0])
        assert sheet.is_seen
