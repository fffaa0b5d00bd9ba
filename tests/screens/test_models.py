from fake_ollama import FakeOllama
from scripted_worker import with_hosts
from stage import Stage
from tui.domain.disk import Disk
from tui.domain.manifests import CONFIG, WEIGHTS, Layer, Manifest
from tui.domain.models import Details, LocalModel, ModelCard
from tui.domain.status import HostStatus
from tui.screens.models import ModelsScreen
from tui.widgets.rows import Rows
from tui.worker.events import HostChosen
from tui.worker.worker import Worker
from widget_host import rows, shown


def names(app: Stage) -> list[str]:
    return app.screen.query_one(Rows).keys


async def test_the_models_of_the_host_are_listed(fake: FakeOllama, worker: Worker) -> None:
    app = Stage(ModelsScreen, worker)
    async with app.run_test(size=(80, 24)):
        await app.until(lambda: sorted(names(app)) == sorted(fake.models))
        assert f"All {len(fake.models)}" in rows(app)[1]
        await app.until(lambda: "name" in rows(app)[4])
        assert rows(app)[5].startswith(f" ▸ {names(app)[0]}")


async def test_enter_asks_for_a_chat_with_the_model(fake: FakeOllama, worker: Worker) -> None:
    app = Stage(ModelsScreen, worker)
    async with app.run_test(size=(80, 24)) as pilot:
        await app.until(lambda: names(app))
        await pilot.press("j", "enter")
        (wanted,) = app.remembers(ModelsScreen.ChatWanted)
        assert wanted.model == names(app)[1]


async def test_letters_narrow_the_list_and_escape_widens_it(
    fake: FakeOllama, worker: Worker
) -> None:
    app = Stage(ModelsScreen, worker)
    async with app.run_test(size=(100, 24)) as pilot:
        await app.until(lambda: names(app))
        known = len(names(app))
        await pilot.press("slash", *"zzz")
        assert 'Nothing matches "zzz". esc clears.' in shown(app)
        assert rows(app)[-1] == " esc back   enter to the list"
        await pilot.press("escape")
        assert len(names(app)) == known
        await pilot.press("slash", names(app)[0][0], "enter", "s")
        assert "by size" in rows(app)[1]


async def test_deleting_takes_a_step_away_from_keep(fake: FakeOllama, worker: Worker) -> None:
    app = Stage(ModelsScreen, worker)
    async with app.run_test(size=(80, 24)) as pilot:
        await app.until(lambda: names(app))
        first, second, *rest = names(app)
        await pilot.press("space", "space", "d")
        await app.until(lambda: "Delete 2 models" in shown(app))
        assert first in shown(app)
        await pilot.press("enter")
        await pilot.pause()
        assert len(fake.models) == 2 + len(rest)
        await pilot.press("d")
        await app.until(lambda: "Delete 2 models" in shown(app))
        await pilot.press("down", "enter")
        await app.until(lambda: names(app) == rest)
        assert {*fake.models} == {*rest}
        assert second not in fake.models


async def test_one_that_cannot_be_deleted_does_not_keep_the_others(
    fake: FakeOllama, worker: Worker
) -> None:
    app = Stage(ModelsScreen, worker)
    async with app.run_test(size=(80, 24)) as pilot:
        await app.until(lambda: names(app))
        first, _second, *rest = names(app)
        del fake.models[first]
        await pilot.press("space", "space", "d")
        await app.until(lambda: "Delete 2 models" in shown(app))
        await pilot.press("down", "enter")
        await app.until(lambda: names(app) == rest)
        assert first in app.told[0]


async def test_a_model_is_loaded_and_unloaded(fake: FakeOllama, worker: Worker) -> None:
    app = Stage(ModelsScreen, worker)
    async with app.run_test(size=(80, 24)) as pilot:
        await app.until(lambda: names(app))
        assert "l load" in rows(app)[-1] or "u unload" not in rows(app)[-1]
        await pilot.press("l")
        await app.until(lambda: "● loaded" in shown(app))
        assert [*fake.loaded] == [names(app)[0]]
        await pilot.press("u")
        await app.until(lambda: "● loaded" not in shown(app))
        assert not fake.loaded


async def test_a_copy_gets_a_name_that_is_checked(fake: FakeOllama, worker: Worker) -> None:
    app = Stage(ModelsScreen, worker)
    async with app.run_test(size=(80, 24)) as pilot:
        await app.until(lambda: names(app))
        taken = names(app)[0]
        await pilot.press("y", *taken, "enter")
        await app.until(lambda: "already" in shown(app))
        await pilot.press(*"-x", "enter")
        await app.until(lambda: f"{taken}-x" in names(app))


async def test_pulled_names_are_queued(fake: FakeOllama, worker: Worker) -> None:
    fake.hold.clear()
    app = Stage(ModelsScreen, worker)
    async with app.run_test(size=(80, 24)) as pilot:
        await app.until(lambda: names(app))
        await pilot.press("p", *"some/new a/b", "enter")
        await app.until(lambda: len(worker.pulls.all()) == 2)
        assert {pull.name for pull in worker.pulls.all()} == {"some/new:latest", "a/b:latest"}
        assert app.told == ["2 models are in the queue."]
        fake.hold.set()


async def test_details_stand_beside_where_there_is_room(fake: FakeOllama, worker: Worker) -> None:
    app = Stage(ModelsScreen, worker)
    async with app.run_test(size=(120, 40)) as pilot:
        await app.until(lambda: "context" in shown(app))
        assert "│" in rows(app)[10]
        asked = [path for _method, path, _body in fake.asked if path == "/api/show"]
        assert len(asked) == 1
        await pilot.press("j")
        await app.until(lambda: [p for _m, p, _b in fake.asked].count("/api/show") == 2)
        await pilot.press("k")
        await app.until(lambda: rows(app)[4].rstrip().endswith(names(app)[0]))
        assert [p for _m, p, _b in fake.asked].count("/api/show") == 2


async def test_details_are_a_page_of_their_own_where_there_is_not(
    fake: FakeOllama, worker: Worker
) -> None:
    app = Stage(ModelsScreen, worker)
    async with app.run_test(size=(80, 24)) as pilot:
        await app.until(lambda: names(app))
        await pilot.press("v")
        await app.until(lambda: "can " in shown(app))
        assert rows(app)[-1].startswith(" esc back")
        await pilot.press("escape")
        await app.until(lambda: "quant" in shown(app))


async def test_filters_are_turned_with_angle_brackets(fake: FakeOllama, worker: Worker) -> None:
    app = Stage(ModelsScreen, worker)
    async with app.run_test(size=(80, 24)) as pilot:
        await app.until(lambda: names(app))
        await pilot.press("greater_than_sign")
        assert "No model loaded; the next question loads one." in shown(app)
        await pilot.press("less_than_sign", "less_than_sign")
        assert all("embed" in name for name in names(app))
        await pilot.press("right")
        assert len(names(app)) == len(fake.models)


async def test_a_server_without_models_names_one_to_begin_with(
    fake: FakeOllama, worker: Worker
) -> None:
    fake.models.clear()
    app = Stage(ModelsScreen, worker)
    async with app.run_test(size=(80, 24)):
        await app.until(lambda: "No models on gpu-box-1. p pulls one;" in shown(app))


async def test_what_the_server_refuses_is_told(fake: FakeOllama, worker: Worker) -> None:
    app = Stage(ModelsScreen, worker)
    async with app.run_test(size=(80, 24)) as pilot:
        await app.until(lambda: names(app))
        fake.errors["/api/generate"] = (500, "model requires more system memory")
        await pilot.press("l")
        await app.until(lambda: app.told)
        assert "model requires more system memory" in app.told[0]


async def test_details_beside_are_read_whole_with_v(fake: FakeOllama, worker: Worker) -> None:
    app = Stage(ModelsScreen, worker)
    async with app.run_test(size=(120, 40)) as pilot:
        await app.until(lambda: "on disk" in shown(app))
        await pilot.press("v")
        await app.until(lambda: shown(app).count("licence") == 2)
        assert "quant" in shown(app)
        await pilot.press("v")
        assert rows(app)[-1].startswith(" enter chat")


async def test_marks_are_forgotten_on_another_host() -> None:
    one, two = (
        HostStatus(name=name, state="up", models=(LocalModel(name="a:1b"), LocalModel(name="b:1b")))
        for name in ("one", "two")
    )
    scripted = with_hosts(one, two)
    app = Stage(ModelsScreen, scripted)
    async with app.run_test(size=(100, 24)) as pilot:
        await pilot.press("space")
        assert "1 selected" in rows(app)[1]
        scripted.hosts.current = "two"
        app.signals.publish(HostChosen("two"))
        await app.until(lambda: "selected" not in rows(app)[1])
        assert isinstance(app.screen, ModelsScreen)
        assert not app.screen.library.marked


async def test_abilities_that_a_list_does_not_tell_are_asked_for() -> None:
    models = (LocalModel(name="a:1b"), LocalModel(name="b:1b"))
    scripted = with_hosts(HostStatus(name="old", state="up", models=models))
    scripted.models.cards["b:1b"] = ModelCard(capabilities=["completion", "tools"])
    scripted.models.cards["a:1b"] = ModelCard(capabilities=["completion"])
    app = Stage(ModelsScreen, scripted)
    async with app.run_test(size=(100, 24)) as pilot:
        await pilot.pause()
        assert rows(app)[1].startswith(" All 2   Loaded 0   Updates 0   Tools   Vision")
        await pilot.press(*["greater_than_sign"] * 3)
        await app.until(lambda: names(app) == ["b:1b"])
        assert "Tools 1" in rows(app)[1]


async def test_every_column_sorts_both_ways_and_that_is_remembered() -> None:
    models = tuple(
        LocalModel(name=name, size=size, details=Details(family=family, parameter_size=count))
        for name, size, family, count in (
            ("a:1b", 5, "llama", "1B"), ("b:1b", 9, "qwen3", "752M"), ("c:1b", 7, "llama", "70B")
        )
    )  # fmt: skip
    scripted = with_hosts(HostStatus(name="one", state="up", models=models))
    app = Stage(ModelsScreen, scripted)
    async with app.run_test(size=(100, 24)) as pilot:
        await pilot.press("s")
        assert names(app) == ["b:1b", "c:1b", "a:1b"]
        await pilot.press("s")
        assert "by parameters" in rows(app)[1]
        assert names(app) == ["c:1b", "a:1b", "b:1b"]
        await pilot.press("S")
        assert names(app) == ["b:1b", "a:1b", "c:1b"]
        await pilot.press("f")
        await app.until(lambda: "all families" in shown(app))
        await pilot.press("down", "enter")
        await app.until(lambda: names(app) == ["a:1b", "c:1b"])
    again = Stage(ModelsScreen, scripted)
    async with again.run_test(size=(120, 24)):
        assert names(again) == ["a:1b", "c:1b"]
        assert "llama   by parameters, backwards" in rows(again)[1]


async def test_newer_versions_have_a_mark_and_a_filter() -> None:
    models = (LocalModel(name="a:1b"), LocalModel(name="b:1b"))
    scripted = with_hosts(HostStatus(name="one", state="up", models=models))
    scripted.updates.newer = {"b:1b"}
    app = Stage(ModelsScreen, scripted)
    async with app.run_test(size=(100, 24)) as pilot:
        assert "Updates 1" in rows(app)[1]
        assert "↑ update" in rows(app)[6]
        assert scripted.updates.checked[:2] == ["a:1b", "b:1b"]
        await pilot.press("greater_than_sign", "greater_than_sign")
        assert names(app) == ["b:1b"]


async def test_only_models_in_sight_are_checked() -> None:
    models = tuple(LocalModel(name=f"m{n:03}:1b") for n in range(500))
    scripted = with_hosts(HostStatus(name="one", state="up", models=models))
    app = Stage(ModelsScreen, scripted)
    async with app.run_test(size=(100, 24)) as pilot:
        assert len({*scripted.updates.checked}) < 30
        await pilot.press("G")
        await app.until(lambda: "m499:1b" in scripted.updates.checked)
        assert len({*scripted.updates.checked}) < 60


async def test_a_question_names_what_deleting_frees() -> None:
    models = (LocalModel(name="a:1b", size=1010), LocalModel(name="b:1b", size=1010))
    scripted = with_hosts(HostStatus(name="one", state="up", models=models))
    shared = Layer(media_type=WEIGHTS, digest="sha256:" + "a" * 64, size=1000)
    manifests = {
        name: Manifest(
            config=Layer(media_type=CONFIG, digest=f"sha256:{digit * 64}", size=10), layers=[shared]
        )
        for name, digit in (("a:1b", "1"), ("b:1b", "2"))
    }
    scripted.disks.disk = Disk("models", manifests)
    app = Stage(ModelsScreen, scripted)
    async with app.run_test(size=(100, 24)) as pilot:
        await pilot.press("d")
        await app.until(lambda: "delete, which frees 10 B" in shown(app))
        assert "Other models share 1 kB of it, which stay." in shown(app)
        await pilot.press("escape", "space", "space", "d")
        await app.until(lambda: "delete, which frees 1 kB" in shown(app))
