from scripted_worker import ScriptedWorker, with_hosts
from stage import Asker
from tui.domain.models import LocalModel
from tui.domain.plans import Plan
from tui.domain.pulls import Layer
from tui.domain.status import HostStatus
from tui.screens.dialogs.pull import PullDialog
from tui.screens.dialogs.pull_hosts import PullHostsDialog
from widget_host import shown

HERE = (LocalModel(name="qwen3:0.6b"),)


def scripted(**plans: Plan) -> ScriptedWorker:
    worker = with_hosts(HostStatus(name="gpu-box-1", state="up", models=HERE))
    worker.planner.plans = {name.replace("_", ":"): plan for name, plan in plans.items()}
    return worker


def dialog(worker: ScriptedWorker | None = None) -> PullDialog:
    return PullDialog(worker or scripted(), "gpu-box-1")  # type: ignore[arg-type]


async def test_what_is_typed_is_completed_from_the_catalogue() -> None:
    app = Asker(dialog())
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press(*"qwen3:0")
        assert "here already" in shown(app)
        assert "523 MB" in shown(app)
        await pilot.press("down", "tab")
        await pilot.press("enter")
        assert app.answers == [(["qwen3:0.6b"], ["gpu-box-1"])]


async def test_half_a_name_pulls_what_it_may_become() -> None:
    app = Asker(dialog())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"all-minilm")
        assert "search" in shown(app)
        await pilot.press("enter")
        assert app.answers == [(["all-minilm:latest"], ["gpu-box-1"])]


async def test_a_name_that_nobody_listed_is_pulled_as_typed() -> None:
    app = Asker(dialog())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"hf.co/me/mine:Q4", "enter")
        assert app.answers == [(["hf.co/me/mine:Q4"], ["gpu-box-1"])]


async def test_a_registry_without_tls_stays_one_and_its_models_names_are_whole() -> None:
    app = Asker(dialog())
    async with app.run_test(size=(80, 24)) as pilot:
        name = "http://registry.example.com:5000/library/mine:q4"
        await pilot.press(*name)
        assert f"▸ {name}" in shown(app)
        await pilot.press("enter")
        assert app.answers == [([name], ["gpu-box-1"])]


async def test_several_names_are_taken_at_once() -> None:
    app = Asker(dialog())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"qwen3:4b, my/own llama3:8b")
        assert "3 models" in shown(app)
        await pilot.press("enter")
        assert app.answers == [(["qwen3:4b", "my/own:latest", "llama3:8b"], ["gpu-box-1"])]


async def test_a_bad_name_says_what_a_name_looks_like() -> None:
    app = Asker(dialog())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"a/b/c/d/e", "enter")
        assert "is not a model name. A name looks like llama3:8b" in shown(app)
        assert app.answers == []


async def test_it_works_in_a_small_terminal() -> None:
    app = Asker(dialog())
    async with app.run_test(size=(40, 15)) as pilot:
        await pilot.press(*"qwen3:4b")
        assert "▸ qwen3:4b" in shown(app)
        assert "enter pull" in shown(app)
        assert "esc cancel" in shown(app)


async def test_the_exact_size_is_asked_for_before_anything_begins() -> None:
    layers = (
        Layer(digest="sha256:a", total=1_000_000_000, completed=1_000_000_000),
        Layer(digest="sha256:b", total=4_000_000_000),
    )
    worker = scripted(mine_8b=Plan(layers=layers, warning="It needs Ollama 99."))
    worker.memory.stated = 24 * 10**9
    app = Asker(dialog(worker))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"mine:8b")
        assert "asking its registry..." in shown(app)
        await app.until(lambda: "4.0 GB to download; 1.0 GB is there" in shown(app))
        assert "fits: 24.0 GB VRAM" in shown(app)
        assert "It needs Ollama 99." in shown(app)
        assert worker.planner.asked[-1] == "mine:8b"
        assert not any(name.startswith("llama") for name in worker.planner.asked)
        await pilot.press(*" other:1b")
        await app.until(lambda: "4.0 GB to download · not known of 1" in shown(app))
        assert "mine:8b: It needs Ollama 99." in shown(app)
        await pilot.press("enter")
        assert app.answers == [(["mine:8b", "other:1b"], ["gpu-box-1"])]


async def test_a_registry_out_of_reach_is_told_and_keeps_nobody_from_pulling() -> None:
    app = Asker(dialog())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"mine:8b")
        await app.until(lambda: "known when the pull begins" in shown(app))
        await pilot.press("ctrl+u", *"qwen3:4b")
        assert "2.5 GB by the catalogue" in shown(app)


async def test_what_is_typed_can_go_to_several_hosts() -> None:
    box = HostStatus(name="box", address="http://box", state="up", models=HERE)
    lab = HostStatus(name="lab", address="http://lab", state="up", models=())
    attic = HostStatus(name="attic", address="http://attic", state="up", models=())
    app = Asker(PullDialog(with_hosts(box, lab, attic), "box"))  # type: ignore[arg-type]  # scripted
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press(*"qwen3:0")
        await app.until(lambda: "^Y to hosts" in shown(app))
        await pilot.press("down", "ctrl+y")
        await app.until(lambda: "Pull qwen3:0.6b to" in shown(app))
        assert "here already" in shown(app)
        assert "2 downloads" in shown(app)
        await pilot.press("enter")
        await app.until(lambda: app.answers)
        assert app.answers == [(["qwen3:0.6b"], ["lab", "attic"])]


async def test_where_there_is_one_host_nobody_is_asked_which() -> None:
    app = Asker(dialog())
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press(*"qwen3:0")
        await app.until(lambda: "523 MB" in shown(app))
        assert "to hosts" not in shown(app)


async def test_what_is_known_of_a_pull_to_a_host_is_told_before_it_begins() -> None:
    worker = scripted(
        mine_8b=Plan(layers=(Layer(digest="a", total=5_000_000_000),), warning="Full.")
    )
    app = Asker(PullHostsDialog(worker, [LocalModel(name="mine:8b")]))  # type: ignore[arg-type]  # scripted
    async with app.run_test(size=(100, 30)):
        await app.until(lambda: "5.0 GB, by its registry" in shown(app))
        assert "Full." in shown(app)
