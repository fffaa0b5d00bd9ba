from datetime import UTC, datetime

from stage import Asker
from tui.domain.models import Details, LocalModel, RunningModel
from tui.domain.pulls import Layer, Pull
from tui.domain.status import HostStatus
from tui.screens.dialogs.picker import Choice, ModelPicker
from tui.widgets.rows import Rows
from widget_host import rows, shown

NOW = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
BOX = HostStatus(
    name="gpu-box-1",
    state="up",
    models=tuple(
        LocalModel(name=name, size=9_300_000_000, details=Details(context_length=40960))
        for name in ("gemma3:12b", "llama3:8b", "qwen3:14b")
    ),
    running=(RunningModel(name="qwen3:14b"),),
)
PULLING = Pull(
    id="1", name="qwen3:32b", host="gpu-box-1", state="downloading",
    layers=(Layer(digest="a", total=100, completed=43),),
)  # fmt: skip


def picker(status: HostStatus = BOX, *others: HostStatus) -> ModelPicker:
    return ModelPicker("Model for this chat", [status, *others], [PULLING], current="llama3:8b")


async def test_it_begins_at_the_model_in_use_below_the_loaded_ones() -> None:
    app = Asker(picker())
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        keys = app.screen.query_one(Rows).keys
        assert keys == ["here qwen3:14b", "here gemma3:12b", "here llama3:8b"]
        assert "▸ llama3:8b" in shown(app)
        assert "9.3 GB      40k" in shown(app)
        await pilot.press("enter")
        assert app.answers == [Choice("llama3:8b", "gpu-box-1")]


async def test_letters_find_what_is_here_and_what_could_be() -> None:
    app = Asker(picker())
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press(*"qwen3:")
        assert "▸ qwen3:14b" in shown(app)
        assert "not here: enter pulls" in shown(app)
        await pilot.press(*"32b")
        assert "downloading 43 %" in shown(app)
        assert "enter pull   ^N" not in shown(app)
        assert "enter pull" in shown(app)
        await pilot.press("enter")
        assert app.answers == [Choice("qwen3:32b", "gpu-box-1", pull=True)]


async def test_a_new_chat_is_a_key_away() -> None:
    app = Asker(picker())
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press(*"gem", "ctrl+n")
        assert app.answers == [Choice("gemma3:12b", "gpu-box-1", new_chat=True)]


async def test_arrows_go_over_the_groups_and_nothing_matches_nothing() -> None:
    app = Asker(picker())
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press(*"qwen3:", "down")
        assert (app.screen.query_one(Rows).cursor_key or "").startswith("there ")
        await pilot.press(*"zzzz", "enter")
        assert 'Nothing matches "qwen3:zzzz". esc leaves.' in shown(app)
        assert app.answers == []


async def test_without_models_it_offers_some_to_pull() -> None:
    app = Asker(picker(HostStatus(name="new", state="up", models=())))
    async with app.run_test(size=(40, 15)) as pilot:
        await pilot.pause()
        assert len(app.screen.query_one(Rows).keys) == 100
        assert "enter pull" in shown(app)
        assert "esc cancel" in rows(app)[-2]


async def test_models_of_other_hosts_are_offered_below_their_names() -> None:
    lab = HostStatus(
        name="lab", state="up", models=(LocalModel(name="qwen3:32b"), LocalModel(name="a:1b"))
    )
    app = Asker(picker(BOX, lab))
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        assert "on lab" in shown(app)
        await pilot.press(*"qwen3", "down")
        await pilot.pause()
        assert "enter use here" in shown(app)
        await pilot.press("enter")
        assert app.answers == [Choice("qwen3:32b", "lab")]


async def test_where_else_a_model_is_loaded_is_told_and_those_hosts_come_first() -> None:
    cold = HostStatus(name="attic", state="up", models=(LocalModel(name="llama3:8b"),))
    warm = HostStatus(
        name="lab",
        state="up",
        models=(LocalModel(name="llama3:8b"),),
        running=(RunningModel(name="llama3:8b"),),
    )
    app = Asker(picker(BOX, cold, warm))
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press(*"llama3")
        (here,) = [row for row in rows(app) if "▸ llama3:8b" in row]
        assert "● lab" in here
        keys = app.screen.query_one(Rows).keys[:3]
        assert keys == ["here llama3:8b", "at lab\nllama3:8b", "at attic\nllama3:8b"]
        await pilot.press("down", "enter")
        assert app.answers == [Choice("llama3:8b", "lab")]


async def test_among_what_is_not_asked_for_the_order_of_hosts_stays() -> None:
    cold = HostStatus(name="attic", state="up", models=(LocalModel(name="phi4"),))
    warm = HostStatus(
        name="lab",
        state="up",
        models=(LocalModel(name="phi4"), LocalModel(name="other")),
        running=(RunningModel(name="other"),),
    )
    app = Asker(picker(BOX, cold, warm))
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press(*"phi4")
        keys = app.screen.query_one(Rows).keys[:2]
        assert keys == ["at attic\nphi4", "at lab\nphi4"]
