"""Finding models to pull, and where the disk went."""

from scripted_worker import ScriptedWorker, with_hosts
from stage import Stage
from tui.api.errors import OllamaError
from tui.domain.disk import Disk
from tui.domain.manifests import CONFIG, WEIGHTS, Layer, Manifest
from tui.domain.models import LocalModel
from tui.domain.status import HostStatus
from tui.screens.models import ModelsScreen
from tui.screens.models.discover import DiscoverPage
from tui.screens.models.disk import DiskPage
from tui.store.catalogue import offers
from tui.widgets.rows import Rows
from widget_host import rows, shown

HERE = (LocalModel(name="qwen3:0.6b", size=1010), LocalModel(name="own:1b", size=1010))


def scripted() -> ScriptedWorker:
    return with_hosts(HostStatus(name="gpu", state="up", models=HERE))


async def test_what_is_typed_finds_models_and_says_whether_they_fit() -> None:
    worker = scripted()
    worker.memory.stated = 24 * 10**9
    app = Stage(ModelsScreen, worker)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("D")
        await app.until(lambda: isinstance(app.screen, DiscoverPage))
        await pilot.press(*"qwen3:")
        await app.until(lambda: "here already" in shown(app))
        (small,) = [row for row in rows(app) if "qwen3:1.7b " in row]
        (large,) = [row for row in rows(app) if "qwen3:235b " in row]
        assert "fits" in small
        assert "partly on the CPU" in large
        assert "with 8k context" in shown(app)
        assert "weights" in shown(app)
        assert "24.0 GB VRAM" in shown(app)
        await pilot.press("ctrl+t")
        await app.until(lambda: "with 16k context" in shown(app))


async def test_enter_pulls_a_known_name_or_any_other() -> None:
    worker = scripted()
    app = Stage(ModelsScreen, worker)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("D")
        await app.until(lambda: isinstance(app.screen, DiscoverPage))
        assert 'vram = "24 GB" under [hosts.gpu] says it.' in shown(app)
        await pilot.press(*"qwen3:4b", "enter")
        await pilot.press("escape", *"hf.co/user/repo:Q4_K_M", "enter")
        assert [pull.name for pull in worker.pulls.all()] == [
            "qwen3:4b",
            "hf.co/user/repo:Q4_K_M",
        ]
        await pilot.press("escape", "escape")
        await app.until(lambda: isinstance(app.screen, ModelsScreen))


async def test_what_is_new_is_read_when_it_is_asked_for() -> None:
    worker = scripted()
    app = Stage(ModelsScreen, worker)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("D")
        await app.until(lambda: "as shipped with this version" in shown(app))
        worker.news.trouble = OllamaError("ollama.com cannot be read.")
        await pilot.press("ctrl+g")
        await app.until(lambda: app.told)
        assert app.told == ["ollama.com cannot be read. The list stays as it was."]
        worker.news.trouble = None
        worker.news.found = (offers()[0]._replace(name="brandnew:7b"),)
        await pilot.press(*"brandnew:7", "ctrl+g")
        await app.until(lambda: "1 new model." in app.told)
        assert "brandnew:7b" in app.screen.query_one(Rows).keys
        assert "as shipped" not in shown(app)


async def test_abilities_and_words_of_descriptions_narrow_the_catalogue() -> None:
    app = Stage(ModelsScreen, scripted())
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("D")
        await app.until(lambda: isinstance(app.screen, DiscoverPage))
        keys = app.screen.query_one(Rows).keys
        await pilot.press("tab")
        fewer = app.screen.query_one(Rows).keys
        assert keys != fewer
        await pilot.press("shift+tab", *"semantic search")
        assert any(key.startswith("all-minilm") for key in app.screen.query_one(Rows).keys)
        await pilot.press("escape", *"zz???")
        assert "no model can be called so" in shown(app)


async def test_a_readable_disk_is_told_to_the_byte() -> None:
    worker = scripted()
    shared = Layer(media_type=WEIGHTS, digest="sha256:" + "a" * 64, size=1000)
    manifests = {
        model.name: Manifest(
            config=Layer(media_type=CONFIG, digest=f"sha256:{number}" + "0" * 63, size=10),
            layers=[shared],
        )
        for number, model in enumerate(HERE)
    }
    worker.disks.disk = Disk("/models", manifests, stray=5000)
    app = Stage(ModelsScreen, worker)
    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.press("w")
        await app.until(lambda: "1 kB on the disk · 2 models · 2 kB if nothing" in shown(app))
        assert "5 kB more belong to no model" in shown(app)
        row = next(row for row in rows(app) if "own:1b" in row)
        assert "10 B" in row
        assert row.split()[-2:] == ["kB", "qwen3:0.6b"]
        await pilot.press("d")
        await app.until(lambda: "delete, which frees 10 B" in shown(app))
        await pilot.press("y")
        await app.until(lambda: ("delete", "gpu", "own:1b") in worker.models.asked)


async def test_a_disk_out_of_reach_is_told_honestly() -> None:
    app = Stage(ModelsScreen, scripted())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("w")
        await app.until(lambda: isinstance(app.screen, DiskPage))
        await app.until(lambda: "It counts shared layers once" in shown(app))
        assert "unknown" in shown(app)
        await pilot.press("escape")
        await app.until(lambda: isinstance(app.screen, ModelsScreen))


async def test_a_model_that_is_found_can_go_to_several_hosts() -> None:
    worker = with_hosts(
        HostStatus(name="gpu", address="http://gpu", state="up", models=HERE),
        HostStatus(name="lab", address="http://lab", state="up", models=()),
    )
    app = Stage(ModelsScreen, worker)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("D")
        await app.until(lambda: isinstance(app.screen, DiscoverPage))
        await pilot.press(*"qwen3:0.6", "down", "ctrl+y")
        await app.until(lambda: "Pull qwen3:0.6b to" in shown(app))
        await pilot.press("enter")
        await app.until(lambda: worker.pulls.queue)
    assert [(each.name, each.host) for each in worker.pulls.queue] == [("qwen3:0.6b", "lab")]
