from rich.cells import cell_len
from textual import on
from textual.content import Content

from tui.widgets.tab_strip import Strip, Tab
from widget_host import Host, rows

CHATS = (
    Tab("a", "Borrow checker", "●", "$accent"),
    Tab("b", "你是谁？"),
    Tab("c", "SQL tuning", "*"),
)


class StripHost(Host):
    chosen = ""

    @on(Strip.Chosen)
    def _choose(self, event: Strip.Chosen) -> None:
        self.chosen = event.key


def strip(tabs: tuple[Tab, ...] = CHATS, active: str = "a", right: str = "") -> Strip:
    made = Strip()
    made.tabs, made.active, made.right = tabs, active, Content(right)
    return made


async def test_the_rule_is_heavy_under_the_active_tab() -> None:
    app = StripHost(strip(active="b", right="< > tabs"))
    async with app.run_test(size=(80, 5)) as pilot:
        await pilot.pause()
        titles, rule, *_ = rows(app)
        assert titles == " Borrow checker ●   你是谁？   SQL tuning *" + " " * 28 + "< > tabs"
        assert rule == "─" * 20 + "━" * 8 + "─" * 52


async def test_without_room_the_active_tab_and_its_neighbours_stand() -> None:
    many = tuple(Tab(str(n), f"Chat number {n}") for n in range(30))
    app = StripHost(strip(many, active="17", right="< > tabs"))
    async with app.run_test(size=(60, 5)) as pilot:
        await pilot.pause()
        titles, rule, *_ = rows(app)
        assert titles == " … Chat number 16   Chat number 17   Chat number 18 …"
        assert rule.index("━") == titles.index("Chat number 17")
        app.query_one(Strip).active = "0"
        await pilot.pause()
        assert rows(app)[0] == " Chat number 0   Chat number 1   Chat number 2 …   < > tabs"


async def test_one_title_longer_than_the_screen_ends_in_dots() -> None:
    app = StripHost(strip((Tab("a", "国" * 40, "●"),)))
    async with app.run_test(size=(40, 5)) as pilot:
        await pilot.pause()
        titles = rows(app)[0]
        assert titles.endswith("… ●")
        assert cell_len(titles) <= 40


async def test_a_click_chooses_the_tab_under_it() -> None:
    app = StripHost(strip())
    async with app.run_test(size=(80, 5)) as pilot:
        await pilot.click(Strip, offset=(36, 0))
        assert app.chosen == "c"
        await pilot.click(Strip, offset=(3, 1))
        assert app.chosen == "a"
        app.chosen = ""
        await pilot.click(Strip, offset=(70, 0))
        assert app.chosen == ""


async def test_a_title_cannot_steer_the_terminal() -> None:
    app = StripHost(strip((Tab("a", "one\x1b[31m\ntwo [bold]"),)))
    async with app.run_test(size=(60, 5)) as pilot:
        await pilot.pause()
        assert rows(app)[0] == " one␛[31m two [bold]"
