from stage import Asker
from tui.screens.dialogs.pull import PullDialog
from widget_host import shown


async def test_what_is_typed_is_completed_from_the_catalogue() -> None:
    app = Asker(PullDialog("gpu-box-1", here={"qwen3:0.6b"}))
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press(*"qwen3:0")
        assert "here already" in shown(app)
        assert "523 MB" in shown(app)
        await pilot.press("down", "tab")
        await pilot.press("enter")
        assert app.answers == [["qwen3:0.6b"]]


async def test_half_a_name_pulls_what_it_may_become() -> None:
    app = Asker(PullDialog("gpu-box-1"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"all-minilm")
        assert "search" in shown(app)
        await pilot.press("enter")
        assert app.answers == [["all-minilm:latest"]]


async def test_a_name_that_nobody_listed_is_pulled_as_typed() -> None:
    app = Asker(PullDialog("gpu-box-1"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"hf.co/me/mine:Q4", "enter")
        assert app.answers == [["hf.co/me/mine:Q4"]]


async def test_several_names_are_taken_at_once() -> None:
    app = Asker(PullDialog("gpu-box-1"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"qwen3:4b, my/own llama3:8b")
        assert "3 models" in shown(app)
        await pilot.press("enter")
        assert app.answers == [["qwen3:4b", "my/own:latest", "llama3:8b"]]


async def test_a_bad_name_says_what_a_name_looks_like() -> None:
    app = Asker(PullDialog("gpu-box-1"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"a/b/c/d/e", "enter")
        assert "is not a model name. A name looks like llama3:8b" in shown(app)
        assert app.answers == []


async def test_it_works_in_a_small_terminal() -> None:
    app = Asker(PullDialog("gpu-box-1"))
    async with app.run_test(size=(40, 15)) as pilot:
        await pilot.press(*"qwen3:4b")
        assert "▸ qwen3:4b" in shown(app)
        assert "enter pull" in shown(app)
        assert "esc cancel" in shown(app)
