from textual import events

from stage import Asker
from tui.domain.names import BadModelName, ModelName
from tui.screens.dialogs.confirm import ConfirmDialog
from tui.screens.dialogs.name import NameDialog, Remark
from tui.widgets.key_bar import KeyBar
from tui.widgets.line_input import LineInput
from widget_host import shown


def delete() -> ConfirmDialog:
    return ConfirmDialog(
        "Delete 2 models", "tinyllama:latest and smollm2:135m take 909 MB.", yes="delete"
    )


async def test_enter_on_a_confirmation_changes_nothing() -> None:
    app = Asker(delete())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "▸ keep" in shown(app)
        assert "enter choose   esc cancel" in shown(app)
        await pilot.press("enter")
        assert app.answers == [False]


async def test_the_second_answer_needs_a_step_or_y() -> None:
    for keys in (["j", "enter"], ["down", "enter"], ["y"]):
        app = Asker(delete())
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.press(*keys)
            assert app.answers == [True]


async def test_escape_answers_nothing() -> None:
    app = Asker(delete())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("escape")
        assert app.answers == [None]


def judge(text: str) -> Remark | None:
    try:
        ModelName.parse(text)
    except BadModelName as error:
        return Remark(str(error))
    return Remark("A tag helps.", refuses=False) if ":" not in text else None


async def test_a_name_that_is_refused_says_why_and_stays() -> None:
    app = Asker(NameDialog("Copy", judge=judge))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter")
        assert "Type a name" in shown(app)
        await pilot.press(*"a b", "enter")
        assert "a b is not a model name." in shown(app)
        assert app.answers == []
        await pilot.press("backspace", "backspace")
        assert "A tag helps." in shown(app)
        await pilot.press("enter")
        assert app.answers == ["a"]


async def test_a_dialog_fits_a_small_terminal_with_its_keys() -> None:
    app = Asker(NameDialog("Copy qwen3:14b", about="its new name", judge=judge))
    async with app.run_test(size=(40, 15)) as pilot:
        await pilot.pause()
        assert "Copy qwen3:14b" in shown(app)
        assert "enter take   esc cancel" in shown(app)
        assert app.screen.query_one(KeyBar).size.width == 36


async def test_a_paste_of_several_lines_is_taken_whole() -> None:
    app = Asker(NameDialog("Pull"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        app.screen.query_one(LineInput).post_message(events.Paste("qwen3:4b\r\nllama3:8b\n"))
        await pilot.pause()
        assert app.screen.query_one(LineInput).value == "qwen3:4b llama3:8b"
