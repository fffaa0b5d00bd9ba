from pathlib import Path

from textual.command import CommandPalette
from textual.widgets import OptionList

from fake_ollama import FakeOllama
from scripted_worker import with_hosts
from stage import Stage
from tui.domain.models import LocalModel
from tui.domain.status import HostStatus
from tui.screens.hosts.fleet import FleetPage
from tui.screens.models import ModelsScreen
from tui.screens.palette import BindingCommands
from user import chatting


class Commanded(Stage):
    ENABLE_COMMAND_PALETTE = True
    COMMANDS = {BindingCommands}


async def test_every_key_that_works_is_a_command() -> None:
    status = HostStatus(name="box", state="up", models=(LocalModel(name="a:1b"),))
    app = Commanded(ModelsScreen, with_hosts(status))
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        await pilot.press("ctrl+p", *"sort")
        assert isinstance(app.screen, CommandPalette)
        options = app.screen.query_one(OptionList)
        await app.until(lambda: options.option_count)
        assert str(options.get_option_at_index(0).prompt).split() == ["sort", "s"]
        await pilot.press("enter", "enter")
        screen = await_models(app)
        await app.until(lambda: screen.library.order.title == "by size")


async def test_in_a_chat_what_is_typed_with_a_slash_is_found_too(
    fake: FakeOllama, tmp_path: Path
) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.press("ctrl+p", *"fleet")
        await user.sees_soon("/fleet")
        await user.press("enter")
        await user.until(lambda: isinstance(user.app.screen, FleetPage))


async def test_the_palette_says_that_nothing_matches(fake: FakeOllama, tmp_path: Path) -> None:
    async with chatting(tmp_path, fake.url) as user:
        await user.press("ctrl+p", *"xyzzy")
        await user.sees_soon("No matches found")


def await_models(app: Stage) -> ModelsScreen:
    screen = next(each for each in app.screen_stack if isinstance(each, ModelsScreen))
    assert isinstance(screen, ModelsScreen)
    return screen
