from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from textual import on
from textual.pilot import Pilot

from tui.domain import clock
from tui.widgets.found_rows import FoundRow, found_rows
from tui.widgets.rows import Row
from tui.widgets.session_list import SessionList
from tui.widgets.session_rows import SessionRow, session_rows
from widget_host import Host, rows, shown

NOON = datetime(2026, 11, 22, 12, 0).astimezone()


def text(drawn: list[Row], here: str = "", width: int = 37) -> list[str]:
    return [line.plain.rstrip() for row in drawn for line in row.draw(width, row.key == here)]


def at(id: str, hours: float, title: str = "", **facts: object) -> SessionRow:
    return SessionRow(id, title or id, NOON - timedelta(hours=hours), **facts)  # type: ignore[arg-type]  # a test's shorthand


def test_sessions_stand_under_the_time_they_were_written_in() -> None:
    drawn = session_rows(
        [
            at("now", 0, mark="answering"),
            at("morning", 2, "你是谁？", mark="unseen"),
            at("evening", 20, mark="draft"),
            at("thursday", 72, mark="stopped"),
            at("last sunday", 168),
            at("long ago", 24 * 40),
            at("always", 24 * 90, pinned=True),
        ],
        NOON,
    )
    assert text(drawn, here="morning") == [
        " Pinned",
        "   always                   3 months",
        "",
        " Today",
        "   now                         ● now",
        " ▸ 你是谁？                  • 10:00",
        "",
        " Yesterday",
        "   evening                   * 16:00",
        "",
        " Last 7 days",
        "   thursday                    ‖ Thu",
        "   last sunday                7 days",
        "",
        " Older",
        "   long ago                  5 weeks",
    ]
    assert next(row.key for row in drawn if row.selectable) == "always"


def test_a_title_gives_way_to_its_time() -> None:
    row = session_rows([at("x", 2, "a very long title " * 4)], NOON)[-1]
    assert text([row]) == ["   a very long title a very …  10:00"]
    assert text(session_rows([at("x", 2, " \n")], NOON))[-1].startswith("   new chat")


def test_archived_chats_stand_last_and_tags_where_they_have_room() -> None:
    drawn = session_rows(
        [
            at("away", 0, archived=True, pinned=True, tags=("old",)),
            at("now", 2, tags=("a", "b\n")),
            at("long", 2, "a title without room", tags=("for", "tags")),
        ],
        NOON,
    )
    assert text(drawn) == [
        " Today",
        "   now #a #b                   10:00",
        "   a title without room        10:00",
        "",
        " Archived",
        "   away #old                     now",
    ]


def test_what_was_found_in_texts_stands_below_the_titles() -> None:
    found = FoundRow("s m", "A\ntitle", NOON - timedelta(hours=2), "…the \x1bneedle " * 9, (6, 7))
    drawn = found_rows([found], NOON, gap=True)
    assert [row.selectable for row in drawn] == [False, False, True]
    assert text(drawn, here="s m") == [
        "",
        " In the text",
        " ▸ A title                     10:00",
        "   …the  needle …the  needle …the  …",
    ]
    assert found_rows([], NOON, gap=True) == []
    assert len(found_rows([found], NOON, gap=False)) == 2


class Drawer(Host):
    def __init__(self) -> None:
        self.list = SessionList()
        self.list.styles.width = 38
        super().__init__(self.list)
        self.asked: list[str] = []
        self.opened: list[str] = []

    @on(SessionList.SearchWanted)
    def _ask(self, event: SessionList.SearchWanted) -> None:
        self.asked.append(event.text)

    @on(SessionList.Chosen)
    def _open(self, event: SessionList.Chosen) -> None:
        self.opened.append(event.id + (f" at {event.message_id}" if event.message_id else ""))


@asynccontextmanager
async def drawer(count: int = 40) -> AsyncIterator[tuple[Drawer, Pilot[None]]]:
    app = Drawer()
    async with app.run_test(size=(60, 20)) as pilot:
        sessions = [
            SessionRow(f"s{n}", f"Chat {n}", clock.now() - timedelta(days=n)) for n in range(count)
        ]
        app.list.show(sessions, "s1", 141)
        app.list.list.focus()
        await pilot.pause()
        yield app, pilot


async def test_it_looks_like_a_drawer() -> None:
    async with drawer() as (app, _):
        drawn = rows(app)
        assert drawn[1] == " Sessions" + " " * 24 + "141 │"
        assert drawn[2] == " / search titles and text" + " " * 12 + "│"
        assert drawn[4] == " Today" + " " * 31 + "│"
        assert any(row.startswith(" ▸ Chat 1 ") for row in drawn)


async def test_keys_choose_a_session() -> None:
    async with drawer() as (app, pilot):
        await pilot.press("j", "j", "enter")
        assert app.opened == ["s3"]
        assert app.list.under_cursor == "s3"


async def test_what_is_typed_is_looked_for() -> None:
    async with drawer() as (app, pilot):
        await pilot.press("slash", *"qw")
        assert app.asked[-1] == "qw"
        app.list.show([])
        await pilot.pause()
        assert 'Nothing matches "qw". esc' in shown(app)
        await pilot.press("escape")
        assert app.asked[-1] == ""
        assert app.focused is app.list.list


async def test_while_searching_the_arrows_move_and_enter_opens() -> None:
    async with drawer() as (app, pilot):
        await pilot.press("slash", "down", "enter")
        assert app.opened == ["s2"]


async def test_a_text_that_was_found_is_opened_at_its_message() -> None:
    async with drawer(1) as (app, pilot):
        app.list.show([], found=[FoundRow("s m", "Title", NOON, "text")])
        await pilot.press("enter")
        assert app.opened == ["s at m"]
        assert app.list.under_cursor == "s"


async def test_an_empty_list_says_how_to_begin() -> None:
    async with drawer(0) as (app, _):
        assert "Nothing here yet. ^N starts a" in shown(app)


def test_times_are_the_readers_own() -> None:
    moment = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
    row = session_rows([SessionRow("x", "t", moment)], moment + timedelta(minutes=5))[-1]
    assert text([row])[0].endswith(f"{moment.astimezone():%H:%M}")
