from textual.command import CommandPalette
from textual.widgets import OptionList

from scripted_worker import with_hosts
from stage import Stage
from tui.domain.models import LocalModel
from tui.domain.status import HostStatus
from tui.screens.models import ModelsScreen
from tui.screens.palette import BindingCommands


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


def await_models(app: Stage) -> ModelsScreen:
    screen = next(each for each in app.screen_stack if isinstance(each, ModelsScreen))
    assert isinstance(screen, ModelsScreen)
    return screen
