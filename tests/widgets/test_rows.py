from typing import Self

from textual import on
from textual.geometry import Region

from tui.widgets.lines import Lines, line, picked
from tui.widgets.rows import Row, Rows
from widget_host import Host, rows


def row(name: str, text: str = "", *, lines: int = 1, selectable: bool = True) -> Row:
    def draw(width: int, here: bool) -> Lines:
        first = line("> " if here else "  ", text or name)
        return [picked(first, width) if here else first, *[line("  more")] * (lines - 1)]

    return Row(name, draw, 0 if lines > 1 else 1, selectable)


class Counting(Rows):
    """Counts the lines that were marked for painting."""

    painted = 0

    def refresh(
        self,
        *regions: Region,
        repaint: bool = True,
        layout: bool = False,
        recompose: bool = False,
    ) -> Self:
        self.painted += sum(region.height for region in regions)
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)


class RowsHost(Host):
    def __init__(self, *given: Row, empty: str = "") -> None:
        self.list = Counting(empty)
        self.given = given
        self.moved: list[str] = []
        self.chosen: list[str] = []
        super().__init__(self.list)

    def on_mount(self) -> None:
        self.list.show(self.given)
        self.list.focus()

    @on(Rows.Moved)
    def _move(self, event: Rows.Moved) -> None:
        self.moved.append(event.key)

    @on(Rows.Chosen)
    def _choose(self, event: Rows.Chosen) -> None:
        self.chosen.append(event.key)


def many(count: int) -> list[Row]:
    return [row(f"r{number}") for number in range(count)]


async def test_keys_move_the_cursor_and_enter_opens_its_row() -> None:
    app = RowsHost(*many(5))
    async with app.run_test(size=(20, 4)) as pilot:
        await pilot.press("j", "j", "k", "down", "enter")
        assert app.moved == ["r1", "r2", "r1", "r2"]
        assert app.chosen == ["r2"]
        await pilot.press("G")
        assert rows(app) == ["  r1", "  r2", "  r3", "> r4"]
        await pilot.press("home")
        assert rows(app)[0] == "> r0"


async def test_pages_move_by_what_is_in_sight() -> None:
    app = RowsHost(*many(100))
    async with app.run_test(size=(20, 11)) as pilot:
        await pilot.press("pagedown")
        assert app.list.cursor_key == "r10"
        await pilot.press("pagedown", "pageup", "pageup", "pageup")
        assert app.list.cursor_key == "r0"


async def test_headings_are_skipped_and_stay_in_sight_above_the_first_row() -> None:
    app = RowsHost(row("head", selectable=False), row("a"), row("gap", selectable=False), row("b"))
    async with app.run_test(size=(20, 2)) as pilot:
        await pilot.press("j")
        assert rows(app) == ["  gap", "> b"]
        await pilot.press("k")
        assert rows(app) == ["  head", "> a"]


async def test_the_cursor_stays_on_its_row_when_the_list_changes() -> None:
    app = RowsHost(*many(5))
    async with app.run_test(size=(20, 6)) as pilot:
        await pilot.press("j", "j")
        app.list.show([row("new"), *many(5)])
        await pilot.pause()
        assert rows(app)[3] == "> r2"
        app.list.show([row("r0"), row("r1"), row("r3")])
        await pilot.pause()
        assert app.list.cursor_key == "r3"
        app.list.show(many(5), cursor_key="r4")
        assert app.list.cursor_key == "r4"


async def test_only_lines_that_differ_are_painted() -> None:
    app = RowsHost(*many(30))
    async with app.run_test(size=(20, 20)) as pilot:
        await pilot.pause()
        app.list.painted = 0
        app.list.show(many(30))
        assert app.list.painted == 0
        app.list.show([row("r0"), row("r1", "other"), *many(30)[2:]])
        assert app.list.painted == 1
        await pilot.pause()
        assert rows(app)[1] == "  other"
        app.list.painted = 0
        await pilot.press("j")
        assert app.list.painted == 2


async def test_rows_of_several_lines_scroll_whole_into_sight() -> None:
    app = RowsHost(row("a", lines=3), row("b", lines=3))
    async with app.run_test(size=(20, 4)) as pilot:
        await pilot.press("j")
        assert rows(app) == ["  more", "> b", "  more", "  more"]


async def test_a_row_may_be_higher_while_the_cursor_is_on_it() -> None:
    def opened(name: str) -> Row:
        first = row(name).draw
        return Row(name, lambda width, here: [*first(width, here), *[line("  why")] * here], 0)

    app = RowsHost(*map(opened, "abcd"))
    async with app.run_test(size=(20, 4)) as pilot:
        assert rows(app) == ["> a", "  why", "  b", "  c"]
        await pilot.press("j")
        assert rows(app) == ["  a", "> b", "  why", "  c"]
        await pilot.press("G")
        assert rows(app) == ["  b", "  c", "> d", "  why"]


async def test_a_click_selects_and_a_second_one_opens() -> None:
    app = RowsHost(*many(4))
    async with app.run_test(size=(20, 6)) as pilot:
        await pilot.click(Rows, offset=(3, 2))
        assert (app.moved, app.chosen) == (["r2"], [])
        await pilot.click(Rows, offset=(3, 2))
        assert app.chosen == ["r2"]
        await pilot.click(Rows, offset=(3, 5))
        assert app.list.cursor_key == "r2"


async def test_an_empty_list_says_why() -> None:
    app = RowsHost(empty="Nothing to download. p pulls a model.")
    async with app.run_test(size=(60, 3)) as pilot:
        await pilot.press("j", "enter", "G", "pagedown")
        assert rows(app)[0] == "   Nothing to download. p pulls a model."
        app.list.show([], empty="Nothing matches.")
        await pilot.pause()
        assert rows(app)[0] == "   Nothing matches."
        app.list.show(many(1))
        await pilot.pause()
        assert rows(app)[0] == "> r0"


async def test_five_hundred_rows_draw_only_what_is_in_sight() -> None:
    drawn = 0

    def draw(width: int, here: bool) -> Lines:
        nonlocal drawn
        drawn += 1
        return [line("row")]

    app = RowsHost(*(Row(str(number), draw) for number in range(500)))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        for _each in range(40):
            await pilot.press("j")
        assert app.list.cursor_key == "40"
        assert drawn < 24 + 3 * 40
        assert app.list.region == Region(0, 0, 80, 24)
