from scripted_worker import with_hosts
from stage import Stage
from tui.domain.status import HostStatus
from tui.screens.help import HelpPage, help_section, table_sections
from tui.screens.models import ModelsScreen
from tui.screens.signals import Signals
from tui.widgets.key_bar import Hint
from tui.widgets.rows import Rows
from tui.worker.worker import Worker
from widget_host import rows, shown

WORKER = with_hosts(HostStatus(name="gpu-box-1", state="up"))


def page(worker: Worker, signals: Signals) -> HelpPage:
    return HelpPage(worker, signals, "Models", table_sections())


def test_a_section_is_made_of_the_bindings_themselves() -> None:
    hints = {hint.key: hint.label for hint in help_section("models", ModelsScreen).hints}
    assert hints["p"] == "pull"
    assert hints["y c"] == "copy"
    assert Hint("j ↓", "next row") in help_section("tables", Rows).hints


def test_a_keymap_is_what_the_page_shows() -> None:
    section = help_section("models", ModelsScreen, keymap={"models.pull": "P,ctrl+y"})
    assert Hint("P ^Y", "pull") in section.hints


def test_every_binding_of_the_tables_has_an_id_of_its_own() -> None:
    from textual.binding import Binding

    ids = [each.id for each in ModelsScreen.BINDINGS if isinstance(each, Binding)]
    assert all(ids)
    assert len(ids) == len(set(ids))


async def test_three_columns_where_there_is_room_else_fewer() -> None:
    for width, count in ((120, 3), (80, 2), (40, 1)):
        app = Stage(page, WORKER)
        async with app.run_test(size=(width, 40)) as pilot:
            await pilot.pause()
            heads = [row for row in rows(app) if row.startswith(" tables")]
            titles = (
                "tables",
                "models",
                "discover",
                "create",
                "downloads",
                "hosts",
                "fleet",
                "side by side",
                "pages of text",
            )
            assert sum(title in heads[0] for title in titles) == count


async def test_keys_are_found_by_what_they_do() -> None:
    app = Stage(page, WORKER)
    async with app.run_test(size=(80, 24)) as pilot:
        assert "more below · j k" in shown(app)
        await pilot.press("slash", *"unload")
        assert "unload model" in shown(app)
        assert "next row" not in shown(app)
        await pilot.press(*"zzz")
        assert 'Nothing matches "unloadzzz". esc clears.' in shown(app)
        await pilot.press("escape")
        assert "next row" in shown(app)


async def test_the_page_scrolls_and_is_left_with_escape() -> None:
    app = Stage(page, WORKER)
    async with app.run_test(size=(40, 15)) as pilot:
        await pilot.press("G")
        assert "more below" not in shown(app)
        await pilot.press("g", "j")
        assert "tables" in rows(app)[1]
        await pilot.press("escape")
        await pilot.pause()
        assert not isinstance(app.screen, HelpPage)


def test_browsing_has_all_its_keys_on_the_page() -> None:
    from tui.app import OllamaTui
    from tui.screens.keys import sections

    browse = next(each for each in sections(OllamaTui) if each.title == "browse")
    assert {"j", "t", "T", "z", "h", "l", "/", "↑", "v |"} <= {hint.key for hint in browse.hints}
