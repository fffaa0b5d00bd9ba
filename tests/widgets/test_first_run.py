from textual import on

from tui.domain.status import Trial
from tui.widgets.first_run import FirstRun, Way
from widget_host import Host, rows, shown

TRIALS = (
    Trial(what="OLLAMA_HOST", result="not set"),
    Trial(what="http://127.0.0.1:11434", result="refused", why="nothing", outcome="bad"),
    Trial(what="ollama on this machine", result="found", why="0.32.15", outcome="good"),
)
WAYS = (
    Way("s", "Start ollama serve", "goes on after you quit"),
    Way("h", "Enter another host"),
    Way("r", "Try again"),
)


class FirstHost(Host):
    def __init__(self) -> None:
        self.first = FirstRun()
        self.chosen: list[str] = []
        super().__init__(self.first)

    def on_mount(self) -> None:
        self.first.tell(TRIALS, WAYS, "Your 141 sessions are here all the same.")
        self.first.focus()

    @on(FirstRun.Chosen)
    def _choose(self, event: FirstRun.Chosen) -> None:
        self.chosen.append(event.key)


async def test_it_says_what_was_tried_and_why_that_failed() -> None:
    app = FirstHost()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "No Ollama server answered" in shown(app)
        assert "     ✗ http://127.0.0.1:11434    refused   nothing" in rows(app)
        assert "     ✓ ollama on this machine    found     0.32.15" in rows(app)
        assert "Your 141 sessions" in shown(app)


async def test_enter_takes_the_first_way_and_letters_take_theirs() -> None:
    app = FirstHost()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter", "r", "x", "j", "enter")
        assert app.chosen == ["s", "r", "h"]


async def test_a_small_terminal_shows_every_way_and_what_was_said_last() -> None:
    app = FirstHost()
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.pause()
        assert all(trial.result in shown(app) for trial in TRIALS)
        assert all(way.label in shown(app) for way in WAYS)
        assert "Your 141 sessions are here" in shown(app)
        assert all(len(row) <= 40 for row in rows(app))


async def test_what_was_tried_makes_room_for_a_long_note() -> None:
    app = FirstHost()
    async with app.run_test(size=(40, 13)) as pilot:
        app.first.tell(TRIALS, WAYS, "one\ntwo\nthree\nfour\nfive\nsix\nlast", "A " * 30)
        await pilot.pause()
        assert "last" in shown(app)
        assert "refused" not in shown(app)
        assert sum(row.count("A") for row in rows(app)) == 30


async def test_the_cursor_stays_when_more_is_known() -> None:
    app = FirstHost()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("j")
        app.first.tell(TRIALS[:1], WAYS)
        await pilot.pause()
        assert app.first.cursor_key == "h"
        await pilot.resize_terminal(40, 14)
        await pilot.pause()
        assert app.first.cursor_key == "h"
