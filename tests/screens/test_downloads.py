from fake_ollama import FakeOllama
from scripted_worker import with_hosts
from stage import Stage
from tui.domain.pulls import Layer, Pull
from tui.domain.status import HostStatus
from tui.screens.downloads import DownloadsScreen
from tui.widgets.pull_rows import PullRows
from tui.worker.events import PullChanged
from tui.worker.worker import Worker
from widget_host import rows, shown

UP = HostStatus(name="gpu-box-1", state="up")


def pull(number: int, **values: object) -> Pull:
    return Pull(id=str(number), name=f"model{number}:latest", host="gpu-box-1", **values)  # type: ignore[arg-type]  # any field


def running(done: int) -> Pull:
    layer = Layer(digest="a", total=100, completed=done)
    return pull(1, state="downloading", layers=(layer,), current="a", speed=10.0)


async def test_an_empty_queue_says_how_to_begin() -> None:
    app = Stage(DownloadsScreen, with_hosts(UP))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert rows(app)[4] == "   Nothing to download. p pulls a model."
        assert rows(app)[-1] == " p pull   + - how many at once   ? keys"


async def test_a_pull_goes_from_the_question_to_done(fake: FakeOllama, worker: Worker) -> None:
    fake.hold.clear()
    app = Stage(DownloadsScreen, worker)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("p", *"some/new", "enter")
        await app.until(lambda: "downloading" in shown(app))
        assert "log of some/new:latest" in shown(app)
        await pilot.press("space")
        await app.until(lambda: "‖ paused" in shown(app))
        fake.hold.set()
        await pilot.press("space")
        await app.until(lambda: "✓ done" in shown(app))
        await pilot.press("c")
        assert "Nothing to download" in shown(app)
        await worker.idle()
    assert any("some/new" in name for name in fake.models)


async def test_a_failed_pull_can_be_tried_again(fake: FakeOllama, worker: Worker) -> None:
    fake.errors["/api/pull"] = (400, "invalid model name")
    app = Stage(DownloadsScreen, worker)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("p", *"some/new", "enter")
        await app.until(lambda: "✗ failed" in shown(app))
        assert "Failed 1" in rows(app)[1]
        fake.errors.clear()
        await pilot.press("r")
        await app.until(lambda: "✓ done" in shown(app))


async def test_a_running_pull_is_removed_after_a_question() -> None:
    worker = with_hosts(UP, pulls=[running(50), pull(2)])
    app = Stage(DownloadsScreen, worker)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("d")
        await app.until(lambda: "Remove model1:latest" in shown(app))
        await pilot.press("enter")
        await pilot.pause()
        assert len(worker.pulls.queue) == 2
        await pilot.press("d")
        await app.until(lambda: "Remove model1:latest" in shown(app))
        await pilot.press("y")
        await app.until(lambda: len(worker.pulls.queue) == 1)
        await pilot.press("d")
        await app.until(lambda: not worker.pulls.queue)


async def test_the_queue_is_reordered_with_capitals() -> None:
    worker = with_hosts(UP, pulls=[pull(1), pull(2), pull(3)])
    app = Stage(DownloadsScreen, worker)
    async with app.run_test(size=(120, 24)) as pilot:
        await pilot.press("J")
        assert [each.id for each in worker.pulls.queue] == ["2", "1", "3"]
        assert app.screen.query_one(PullRows).cursor_key == "1"
        await pilot.press("K", "plus", "plus")
        assert [each.id for each in worker.pulls.queue] == ["1", "2", "3"]
        assert "1st in line; 4 run at once" in shown(app)


async def test_filters_show_their_states() -> None:
    worker = with_hosts(UP, pulls=[running(50), pull(2), pull(3, state="failed", error="gone")])
    app = Stage(DownloadsScreen, worker)
    async with app.run_test(size=(120, 24)) as pilot:
        assert "10 B/s   total " in rows(app)[1]
        await pilot.press("greater_than_sign")
        assert app.screen.query_one(PullRows).keys == ["1"]
        await pilot.press("greater_than_sign", "greater_than_sign")
        assert app.screen.query_one(PullRows).keys == ["3"]


class Counted(DownloadsScreen):
    drawn = 0

    def _list(self) -> None:
        self.drawn += 1
        super()._list()


async def test_progress_is_drawn_a_few_times_a_second_and_its_end_for_sure() -> None:
    worker = with_hosts(UP, pulls=[running(0)])
    app = Stage(Counted, worker)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, Counted)
        before = screen.drawn
        for done in range(1, 100):
            worker.pulls.queue[0] = running(done)
            app.signals.publish(PullChanged(worker.pulls.queue[0]))
            await pilot.pause()
        await app.until(lambda: "99 %" in rows(app)[4])
        assert screen.drawn - before < 30


async def test_the_log_is_a_page_where_there_is_no_room_below() -> None:
    worker = with_hosts(UP, pulls=[running(0)])
    app = Stage(DownloadsScreen, worker)
    async with app.run_test(size=(80, 24)) as pilot:
        assert "log of" not in shown(app)
        await pilot.press("v")
        assert "log of model1:latest" in shown(app)
        await pilot.press("escape")
        await pilot.pause()
        assert "log of" not in shown(app)
